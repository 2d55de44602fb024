package dev.writ.broker.keys;

import java.util.Optional;

/**
 * What providers of keys are told at their start.
 *
 * @param vault absent where nothing is configured
 * @param node who this node is, for a provider that asks as it
 */
public record KeySettings(Optional<VaultSettings> vault, NodeTokens node) {

  /** Nothing is configured. */
  public static final KeySettings NONE =
      new KeySettings(
          Optional.empty(),
          audience -> {
            throw new KeyException("No token key is at hand here");
          });
}
