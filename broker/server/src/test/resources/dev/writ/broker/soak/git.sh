# Fetches and pushes again and again; a line for each call.
git clone -q "$REPOSITORY" work && cd work || exit 1
n=0
until [ -e "$UNTIL" ]; do
  n=$((n + 1))
  git fetch -q && echo ok || echo "FAILED fetch $n"
  git commit -q --allow-empty -m "Work $n" && git push -q origin HEAD:work && echo ok || echo "FAILED push $n"
  sleep 0.5
done
