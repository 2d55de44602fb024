package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The file that a launch writes its enrolment token to. It is made before the launch, so that no
 * agent comes to life whose token cannot be kept.
 */
final class TokenFile {
  /** The member that tells where the token went. */
  static final String SHOWN = "enrolment_token_file";

  private static final String MEMBER = "enrolment_token";

  private final Path path;

  private TokenFile(Path path) {
    this.path = path;
  }

  /** Makes an empty file that only its owner may read; never one that was there. */
  static TokenFile create(Path path) {
    try {
      Files.createFile(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return new TokenFile(path);
    } catch (FileAlreadyExistsException e) {
      throw new Failure(
          Exit.FAILED,
          "--token-file: " + path + " is there already. Name a new file, or remove it.");
    } catch (IOException e) {
      throw new Failure(
          Exit.FAILED,
          "--token-file: "
              + path
              + " cannot be made. Name a file in a folder that you may write to.");
    }
  }

  /** Moves the token out of {@code agent} into the file. */
  void take(ObjectNode agent) {
    String token = agent.path(MEMBER).asText("");
    if (token.isEmpty()) {
      delete();
      return;
    }
    try {
      Files.writeString(path, token + "\n");
      agent.remove(MEMBER);
      agent.put(SHOWN, path.toString());
    } catch (IOException e) {
      throw new Failure(
          Exit.FAILED,
          "The agent "
              + Text.of(agent, "id")
              + " lives, but its enrolment token could not be written to "
              + path
              + ".\nKill it with `writ agent kill`, or ask for another token"
              + " (POST /v1/agents/{id}/enrolment).");
    }
  }

  /** Removes the file of a launch that gave no token. */
  void delete() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // It is empty and says nothing; that the launch failed is told anyway.
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
