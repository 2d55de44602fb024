package dev.writ.broker.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of an embedded server in one folder: {@code cluster/} (PostgreSQL's data), {@code
 * password} (0600, of the role {@code writ}), {@code postgres.log}. Whoever calls holds the
 * folder's lock.
 *
 * <p>The role {@code writ} owns its databases and is no superuser; the superuser cannot log in at
 * all.
 */
final class PostgresCluster {
  static final String ROLE = "writ";
  static final String DATABASE = "writ";

  private static final Logger LOG = LoggerFactory.getLogger(PostgresCluster.class);
  private static final Duration INITDB_MAX = Duration.ofMinutes(2);
  private static final Duration STOP_MAX = Duration.ofSeconds(30);
  private static final long LOG_MAX = 16L << 20;
  private static final String CLIENTS = "host all " + ROLE + " 127.0.0.1/32 scram-sha-256\n";

  private final Path home;
  private final Path binaries;

  private PostgresCluster(Path home, Path binaries) {
    this.home = home;
    this.binaries = binaries;
  }

  /** The cluster in a folder, made if it is not there, with no server running on it. */
  static PostgresCluster prepare(Path home) throws IOException {
    Optional<Path> closed = PostgresUser.closedFolderAbove(home);
    if (closed.isPresent()) {
      throw new DatabaseSetupException(
          "PostgreSQL, which cannot run as root, cannot reach "
              + home
              + ": "
              + closed.get()
              + " is closed to it. Give the broker a folder that root owns with --data, or run the broker as the owner of that folder.");
    }
    PostgresCluster cluster = new PostgresCluster(home, PostgresBinaries.unpacked(home));
    if (Files.exists(cluster.data())) {
      cluster.refuseOtherVersion();
      cluster.stopLeftover();
    } else {
      cluster.initialise();
    }
    return cluster;
  }

  Path data() {
    return home.resolve("cluster");
  }

  Password password() {
    return Password.fromFile(passwordFile());
  }

  /** The server's log, moved aside when it has grown large. */
  Path log() throws IOException {
    Path log = home.resolve("postgres.log");
    if (Files.exists(log) && Files.size(log) > LOG_MAX) {
      Files.move(log, home.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    return log;
  }

  Path program(String name) {
    return binaries.resolve("bin").resolve(name);
  }

  /**
   * Asks the server to stop: {@code fast} ends its sessions and writes a checkpoint, {@code
   * immediate} just ends.
   */
  void signalStop(String mode) throws IOException {
    List<String> command = new ArrayList<>(PostgresUser.prefix());
    command.addAll(
        List.of(program("pg_ctl").toString(), "stop", "-W", "-m", mode, "-D", data().toString()));
    new ProgramRun(home, command).within(STOP_MAX);
  }

  private Path passwordFile() {
    return home.resolve("password");
  }

  private void refuseOtherVersion() throws IOException {
    String version = Files.readString(data().resolve("PG_VERSION")).strip();
    if (!version.equals(Integer.toString(PostgresBinaries.MAJOR))) {
      throw new DatabaseSetupException(
          data()
              + " was written by PostgreSQL "
              + version
              + "; this build carries "
              + PostgresBinaries.MAJOR
              + ". Move the data with pg_dump of the old version, or name a server with --database.");
    }
    if (!Files.exists(passwordFile())) {
      throw new DatabaseSetupException(
          "The password file "
              + passwordFile()
              + " is missing. Restore it from a backup of the data folder.");
    }
  }

  /**
   * A crash in here leaves a folder {@code initialising} that is no cluster, and that the next
   * start removes.
   */
  private void initialise() throws IOException {
    LOG.info("Making a PostgreSQL cluster in {}", data());
    Path part = home.resolve("initialising");
    PrivateFolders.delete(part);
    String password = newPassword();
    List<String> initdb = new ArrayList<>(PostgresUser.prefix());
    initdb.addAll(
        List.of(
            program("initdb").toString(),
            "-D",
            part.toString(),
            "-U",
            "postgres",
            "--auth=reject",
            "-E",
            "UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C"));
    new ProgramRun(home, initdb).within(INITDB_MAX);
    Files.writeString(part.resolve("pg_hba.conf"), CLIENTS);
    createRole(part, password);
    Files.move(part, data(), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * In single-user mode, so that there is no moment at which a server without a password listens.
   */
  private void createRole(Path part, String password) throws IOException {
    List<String> single = new ArrayList<>(PostgresUser.prefix());
    single.addAll(
        List.of(
            program("postgres").toString(),
            "--single",
            "-D",
            part.toString(),
            "-c",
            "exit_on_error=on",
            "-c",
            "log_min_error_statement=panic",
            "postgres"));
    new ProgramRun(home, single)
        .input(
            "create role "
                + ROLE
                + " login createdb password '"
                + password
                + "';\n"
                + "create database "
                + DATABASE
                + " owner "
                + ROLE
                + ";\n")
        .within(INITDB_MAX);
  }

  private String newPassword() throws IOException {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String password = HexFormat.of().formatHex(random);
    Files.deleteIfExists(passwordFile());
    Files.createFile(passwordFile(), PrivateFolders.FILE);
    Files.writeString(passwordFile(), password + "\n");
    PrivateFolders.force(passwordFile());
    return password;
  }

  /**
   * A server that outlived its broker is stopped, and a pid file whose number now belongs to some
   * other process, as after a container's restart, is removed: the lock says that no server of ours
   * can be running here.
   */
  private void stopLeftover() throws IOException {
    Path pidFile = data().resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    Optional<ProcessHandle> leftover =
        PostmasterFile.read(pidFile).flatMap(file -> ProcessHandle.of(file.pid()));
    if (leftover.isPresent() && runsHere(leftover.get())) {
      LOG.warn(
          "Stopping PostgreSQL (process {}) that an earlier broker left behind",
          leftover.get().pid());
      stop(leftover.get());
    } else {
      Files.deleteIfExists(pidFile);
    }
  }

  private void stop(ProcessHandle server) throws IOException {
    for (String mode : List.of("fast", "immediate")) {
      signalStop(mode);
      if (Processes.endsWithin(server, STOP_MAX)) {
        return;
      }
    }
    throw new DatabaseSetupException(
        "PostgreSQL (process "
            + server.pid()
            + ") on "
            + data()
            + " does not stop. End it by hand, then start again.");
  }

  private boolean runsHere(ProcessHandle process) {
    try {
      return Files.isSameFile(Path.of("/proc", Long.toString(process.pid()), "cwd"), data());
    } catch (IOException e) {
      LOG.debug("Process {} is not ours: {}", process.pid(), e.toString());
      return false;
    }
  }
}
