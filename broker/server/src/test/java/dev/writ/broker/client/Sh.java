package dev.writ.broker.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The shells that the script is made for. */
public enum Sh {
  DASH("dash", ""),
  BASH("bash", " --posix"),
  BUSYBOX("busybox", " sh");

  private final String program;
  private final String arguments;

  Sh(String program, String arguments) {
    this.program = program;
    this.arguments = arguments;
  }

  /** As the first line of a script names it; empty where it is not installed. */
  Optional<String> interpreter() {
    return find(program).map(path -> path + arguments);
  }

  static Optional<Path> find(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
