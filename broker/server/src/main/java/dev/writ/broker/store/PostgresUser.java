package dev.writ.broker.store;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * As whom, and inside what, PostgreSQL's programs run. They refuse to run as root, so root's broker
 * starts them in a user namespace of their own, where they are nobody, own what root owns, and can
 * do nothing that only root can.
 */
final class PostgresUser {
  private static final int ROOT = 0;

  private PostgresUser() {}

  /** What stands before a program's name so that it runs as PostgreSQL accepts. */
  static List<String> prefix() throws IOException {
    if (PrivateFolders.user() != ROOT) {
      return List.of();
    }
    return List.of(
        program("unshare")
            .orElseThrow(
                () -> new DatabaseSetupException("The program unshare was not found. " + remedy()))
            .toString(),
        "--user");
  }

  /**
   * What stands before the server: a session of its own, so that Ctrl-C reaches the broker alone,
   * which then stops the server when it is done; and a signal from the kernel for a clean stop when
   * the broker dies without a word. Both are util-linux programs; without them a server that was
   * left behind is stopped at the next start.
   */
  static List<String> serverPrefix() throws IOException {
    List<String> prefix = new ArrayList<>();
    program("setsid").ifPresent(setsid -> prefix.add(setsid.toString()));
    prefix.addAll(prefix());
    program("setpriv")
        .ifPresent(setpriv -> prefix.addAll(List.of(setpriv.toString(), "--pdeathsig", "INT")));
    return prefix;
  }

  /**
   * Explains the output of a program that the system did not let root start in a user namespace.
   */
  static void explainRefusal(String output) {
    if (output.contains("unshare:")) {
      throw new DatabaseSetupException(
          "This machine refuses user namespaces (" + output.strip() + "). " + remedy());
    }
  }

  private static String remedy() {
    return "PostgreSQL does not run as root, and root's broker can only run it in a user namespace."
        + " Do one of these: run the broker as an ordinary user; allow user namespaces"
        + " (sysctl user.max_user_namespaces, or the container's seccomp profile);"
        + " or name an external database with --database.";
  }

  /**
   * The first folder on the way down that PostgreSQL could not pass: as root's nobody it lacks
   * root's right to enter other users' closed folders.
   */
  static Optional<Path> closedFolderAbove(Path path) throws IOException {
    int user = PrivateFolders.user();
    if (user != ROOT) {
      return Optional.empty();
    }
    Path real = path.toRealPath();
    for (int depth = 1; depth <= real.getNameCount(); depth++) {
      Path folder = real.getRoot().resolve(real.subpath(0, depth));
      int mode = (Integer) Files.getAttribute(folder, "unix:mode");
      int owner = (Integer) Files.getAttribute(folder, "unix:uid");
      int needed = owner == user ? 0100 : 0001;
      if ((mode & needed) == 0) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  /** A util-linux program of that name. BusyBox has the same names but not the options. */
  private static Optional<Path> program(String name) throws IOException {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/bin:/bin";
    for (String folder : path.split(File.pathSeparator, -1)) {
      Path program = Path.of(folder.isEmpty() ? "/usr/bin" : folder, name);
      if (Files.isExecutable(program) && program.toRealPath().endsWith(name)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}
