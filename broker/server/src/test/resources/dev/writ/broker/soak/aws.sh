# Reads an object again and again; a line for each call.
export AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
n=0
until [ -e "$UNTIL" ]; do
  n=$((n + 1))
  got=$(aws --endpoint-url "$STORE" s3 cp s3://work/in/a.txt -) || got=
  [ "$got" = 'from the store' ] && echo ok || echo "FAILED read $n"
  sleep 0.5
done
