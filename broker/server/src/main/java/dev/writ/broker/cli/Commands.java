package dev.writ.broker.cli;

import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;

/** Makes commands for picocli, and gives them their surroundings. */
final class Commands implements CommandLine.IFactory {
  private final Surroundings surroundings;

  Commands(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    Optional<Constructor<?>> own =
        Arrays.stream(type.getDeclaredConstructors())
            .filter(constructor ->
                Arrays.equals(constructor.getParameterTypes(), new Class<?>[] {Surroundings.class}))
            .findFirst();
    return own.isPresent()
        ? type.cast(own.get().newInstance(surroundings))
        : CommandLine.defaultFactory().create(type);
  }
}
