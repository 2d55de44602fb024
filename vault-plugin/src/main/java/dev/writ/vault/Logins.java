package dev.writ.vault;

import dev.writ.broker.keys.KeyException;
import dev.writ.broker.keys.NodeTokens;
import dev.writ.broker.keys.SecretFile;
import dev.writ.broker.keys.VaultSettings.AppRole;
import dev.writ.broker.keys.VaultSettings.Identity;
import dev.writ.broker.keys.VaultSettings.Jwt;
import dev.writ.broker.keys.VaultSettings.Kubernetes;
import io.github.jopenlibs.vault.VaultException;
import io.github.jopenlibs.vault.api.Auth;
import io.github.jopenlibs.vault.response.AuthResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Gets tokens, each time from what the configured files hold then, and prolongs them. */
final class Logins {
  private static final int TOKEN_MAX = 64 * 1024;

  private final Connection connection;
  private final NodeTokens node;

  Logins(Connection connection, NodeTokens node) {
    this.connection = connection;
    this.node = node;
  }

  /**
   * @throws KeyException if the secret or token to log in with cannot be had
   */
  Answer<Token> login(Instant now, Deadline deadline) {
    Auth auth = connection.auth(deadline);
    try {
      AuthResponse response =
          switch (connection.settings().login()) {
            case AppRole role ->
                auth.loginByAppRole(
                    role.mount(), role.roleId(), new SecretFile(role.secretId()).read().strip());
            case Kubernetes role ->
                auth.loginByJwt(
                    "kubernetes", role.role(), token(role.tokenFile()), path(role.mount()));
            case Jwt role ->
                auth.loginByJwt("jwt", role.role(), token(role.tokenFile()), path(role.mount()));
            case Identity role ->
                auth.loginByJwt(
                    "jwt", role.role(), node.issue(role.audience()), path(role.mount()));
          };
      return new Answer.Got<>(token(response, now));
    } catch (VaultException refused) {
      return switch (Answers.<Token>of(refused)) {
        case Answer.Failed<Token>(Trouble trouble, String said)
            when !trouble.passes() && isRefusal(trouble) ->
            new Answer.Failed<>(Trouble.LOGIN_REFUSED, said);
        case Answer<Token> other -> other;
      };
    }
  }

  private static boolean isRefusal(Trouble trouble) {
    return switch (trouble) {
      case UNTRUSTED, ELSEWHERE, UNINTELLIGIBLE, NO_ENGINE -> false;
      case FORBIDDEN, NO_KEY, NO_VERSION, UNSUITABLE, NOT_OPENED, LOGIN_REFUSED -> true;
      case UNREACHABLE, SLOW, SEALED, UNINITIALIZED, LEADERLESS, BUSY, FAULT -> false;
    };
  }

  Answer<Token> renew(Token token, Instant now, Deadline deadline) {
    try {
      return new Answer.Got<>(token(connection.auth(token, deadline).renewSelf(), now));
    } catch (VaultException refused) {
      return Answers.of(refused);
    }
  }

  /** Tells Vault that the token is not needed any more; without an answer it ends by itself. */
  void revoke(Token token, Deadline deadline) throws VaultException {
    connection.auth(token, deadline).revokeSelf();
  }

  private static Token token(AuthResponse response, Instant now) throws VaultException {
    String text = response.getAuthClientToken();
    if (text == null || text.isEmpty()) {
      throw new VaultException("the answer to the login has no token");
    }
    return new Token(
        text, now, Duration.ofSeconds(response.getAuthLeaseDuration()), response.isAuthRenewable());
  }

  private static String path(String mount) {
    return "auth/" + mount;
  }

  /** Unlike a secret of ours: whoever mounts it for a pod lets the pod's every user read it. */
  private static String token(Path file) {
    try {
      if (Files.size(file) > TOKEN_MAX) {
        throw new KeyException(file + ": larger than " + TOKEN_MAX + " bytes, no token");
      }
      return Files.readString(file, StandardCharsets.US_ASCII).strip();
    } catch (IOException unreadable) {
      throw new KeyException(
          file + ": the token to log in to Vault with cannot be read: " + unreadable, unreadable);
    }
  }
}
