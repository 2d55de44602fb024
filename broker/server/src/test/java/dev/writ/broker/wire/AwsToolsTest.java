package dev.writ.broker.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.writ.fixtures.agent.Launch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.ProcessCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** AWS's own tools beside an agent, with {@code writ-agent} as their source of credentials. */
@NeedsS3
class AwsToolsTest {
  private static final AwsStage AWS = new AwsStage();
  private static final Path SCRIPT = Path.of("../client/writ-agent").toAbsolutePath().normalize();

  @RegisterExtension
  static final TestBroker BROKER =
      AWS.settingsFor(
          TestBroker.withPolicy(
              "builder",
              """
              lifetime: { agent: 12h, credential: 15m }
              launch: [ "operator" ]
              grants:
                - aws:
                    role: arn:aws:iam:::role/agents
                    allow:
                      - actions: [ "s3:GetObject" ]
                        resources: [ "arn:aws:s3:::work/in/*" ]
                      - actions: [ "s3:GetObject", "s3:PutObject" ]
                        resources: [ "arn:aws:s3:::work/out/*" ]
                      - actions: [ "s3:ListBucket" ]
                        resources: [ "arn:aws:s3:::work" ]
              """),
          "900s");

  @TempDir static Path folder;

  @BeforeAll
  static void enrols() throws IOException {
    AWS.s3().put("work", "in/a.txt", "from the store");
    AWS.s3().put("work", "secret/c.txt", "not for agents");
    AWS.s3().put("other-b", "in/a.txt", "another's");
    Files.writeString(folder.resolve("ca.pem"), BROKER.bundle());
    Files.writeString(
        folder.resolve("aws.config"),
        "[default]\nregion = us-east-1\ncredential_process = %s aws-credential --role %s\n"
            .formatted(SCRIPT, AwsStage.ROLE));
    String token =
        BROKER
            .operator()
            .launch(Launch.of("builder").owner("user:ada"))
            .expect(201)
            .text("enrolment_token");
    run(Map.of(), token + "\n", SCRIPT.toString(), "enrol").good();
  }

  @AfterAll
  static void stops() {
    AWS.close();
  }

  private record Ended(int code, String out, String err) {
    Ended good() {
      assertEquals(0, code, this::toString);
      return this;
    }

    /**
     * The store's refusals have a status and no message; where the command line looks for one it
     * fails over that. That it was a 403 is seen with boto3, below.
     */
    void refusedByTheStore() {
      assertTrue(code != 0, this::toString);
      assertTrue(
          Stream.of("403", "AccessDenied", "NoneType").anyMatch(err::contains), this::toString);
    }
  }

  private static Ended run(Map<String, String> more, String input, String... command) {
    try {
      Path out = Files.createTempFile(folder, "out", "");
      Path err = Files.createTempFile(folder, "err", "");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      Map<String, String> environment = builder.environment();
      environment.keySet().removeIf(name -> name.startsWith("AWS_") || name.startsWith("WRIT_"));
      environment.putAll(surroundings());
      environment.putAll(more);
      Process process = builder.start();
      try (var stdin = process.outputWriter()) {
        stdin.write(input);
      } catch (IOException unread) {
        // it did not read all
      }
      if (!process.waitFor(Duration.ofSeconds(90))) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      return new Ended(process.waitFor(), Files.readString(out), Files.readString(err));
    } catch (IOException failed) {
      throw new AssertionError(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }

  private static Map<String, String> surroundings() {
    return Map.of(
        "WRIT_URL", BROKER.url().toString(),
        "WRIT_CA", folder.resolve("ca.pem").toString(),
        "WRIT_AGENT_DIR", folder.resolve("state").toString(),
        "AWS_CONFIG_FILE", folder.resolve("aws.config").toString(),
        "AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString(),
        "AWS_EC2_METADATA_DISABLED", "true",
        "AWS_REQUEST_CHECKSUM_CALCULATION", "when_required",
        "AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required",
        "AWS_MAX_ATTEMPTS", "1");
  }

  private static Ended aws(String... arguments) {
    assumeTrue(onPath("aws"), "no AWS command line; Debian: apt-get install awscli");
    String[] words =
        Stream.concat(
                Stream.of("aws", "--endpoint-url", AWS.s3().url().toString()), Stream.of(arguments))
            .toArray(String[]::new);
    return run(Map.of(), "", words);
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(one -> Files.isExecutable(Path.of(one, program)));
  }

  @Test
  void the_aws_command_line_reads_and_lists_what_was_granted() throws IOException {
    Ended copied = aws("s3", "cp", "s3://work/in/a.txt", "a.txt");
    copied.good();
    assertEquals("from the store", Files.readString(folder.resolve("a.txt")));
    assertTrue(aws("s3", "ls", "s3://work/in/").good().out().contains("a.txt"));
  }

  @Test
  void the_aws_command_line_writes_where_it_may_and_is_refused_elsewhere_by_the_store()
      throws IOException {
    Path mine = Files.writeString(folder.resolve("mine.txt"), "mine");

    aws("s3", "cp", mine.toString(), "s3://work/out/mine.txt").good();
    aws("s3", "cp", mine.toString(), "s3://work/in/mine.txt").refusedByTheStore();
    assertFalse(aws("s3", "ls", "s3://work/in/").good().out().contains("mine.txt"));
    aws("s3", "cp", "s3://work/secret/c.txt", "c.txt").refusedByTheStore();
    aws("s3", "cp", "s3://other-b/in/a.txt", "b.txt").refusedByTheStore();
    aws("s3", "ls", "s3://other-b/").refusedByTheStore();
    aws("s3", "rm", "s3://work/out/mine.txt").refusedByTheStore();
  }

  @Test
  void the_aws_command_line_shows_why_the_broker_said_no() throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("other.config"),
            "[default]\nregion = us-east-1\ncredential_process = %s aws-credential --role %s\n"
                .formatted(SCRIPT, "arn:aws:iam:::role/admins"));
    assumeTrue(onPath("aws"), "no AWS command line; Debian: apt-get install awscli");

    Ended ended =
        run(
            Map.of("AWS_CONFIG_FILE", config.toString()),
            "",
            "aws",
            "--endpoint-url",
            AWS.s3().url().toString(),
            "s3",
            "ls",
            "s3://work/");

    assertTrue(ended.code() != 0);
    assertTrue(ended.err().contains("role/admins"), ended::toString);
    assertTrue(ended.err().contains("builder@1"), ended::toString);
  }

  @Test
  void botocore_refreshes_a_quarter_of_an_hour_all_the_time_and_sts_is_asked_once() {
    assumeTrue(
        run(Map.of(), "", "python3", "-c", "import boto3").code() == 0,
        "no boto3; Debian: apt-get install python3-boto3");
    String program =
        """
        import boto3, sys, botocore.exceptions
        s3 = boto3.client("s3", endpoint_url=sys.argv[1])
        for i in range(10):
            assert s3.get_object(Bucket="work", Key="in/a.txt")["Body"].read() == b"from the store"
        for call in [
            lambda: s3.get_object(Bucket="work", Key="secret/c.txt"),
            lambda: s3.get_object(Bucket="other-b", Key="in/a.txt"),
            lambda: s3.put_object(Bucket="work", Key="in/b.txt", Body=b"b"),
            lambda: s3.delete_object(Bucket="work", Key="in/a.txt"),
            lambda: s3.create_bucket(Bucket="mine"),
        ]:
            try:
                call()
                sys.exit("it was allowed")
            except botocore.exceptions.ClientError as refused:
                assert refused.response["ResponseMetadata"]["HTTPStatusCode"] == 403, refused
        print("done")
        """;
    run(Map.of(), "", SCRIPT.toString(), "aws-credential", "--role", AwsStage.ROLE).good();
    int asked = AWS.calls().size();

    Ended ended = run(Map.of(), program, "python3", "-", AWS.s3().url().toString()).good();

    assertEquals("done\n", ended.out());
    assertEquals(asked, AWS.calls().size());
  }

  @Test
  void the_sdk_for_java_does_what_was_granted_and_no_more() throws IOException {
    Path process =
        Files.writeString(
            folder.resolve("credential"),
            "#!/bin/sh\n"
                + surroundings().entrySet().stream()
                    .filter(one -> one.getKey().startsWith("WRIT_"))
                    .map(one -> "export " + one.getKey() + "='" + one.getValue() + "'\n")
                    .reduce("", String::concat)
                + "exec "
                + SCRIPT
                + " aws-credential --role "
                + AwsStage.ROLE
                + "\n");
    assertTrue(process.toFile().setExecutable(true));
    try (var provider =
            ProcessCredentialsProvider.builder().command(List.of(process.toString())).build();
        S3Client s3 =
            S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .endpointOverride(URI.create(AWS.s3().url().toString()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .credentialsProvider(provider)
                .build()) {
      assertEquals(
          "from the store",
          s3.getObjectAsBytes(one -> one.bucket("work").key("in/a.txt")).asUtf8String());
      s3.putObject(one -> one.bucket("work").key("out/j.txt"), RequestBody.fromString("j"));
      for (Runnable beyond :
          List.<Runnable>of(
              () -> s3.getObjectAsBytes(one -> one.bucket("work").key("secret/c.txt")),
              () -> s3.getObjectAsBytes(one -> one.bucket("other-b").key("in/a.txt")),
              () ->
                  s3.putObject(
                      one -> one.bucket("work").key("in/j.txt"), RequestBody.fromString("j")),
              () -> s3.listObjectsV2(one -> one.bucket("other-b")))) {
        assertEquals(403, assertThrows(S3Exception.class, beyond::run).statusCode());
      }
    }
  }
}
