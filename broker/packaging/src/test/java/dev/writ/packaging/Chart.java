package dev.writ.packaging;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The chart, rendered by Helm. */
final class Chart {
  static final Path FOLDER = Repository.PACKAGING.resolve("helm/writ");

  private Chart() {}

  private static final String HOOK = "helm.sh/hook";
  private static final String HIDDEN = "hidden/hook";

  /**
   * A copy for the library, which renders for Kubernetes 1.20 whatever the chart needs, and leaves
   * hooks out of its answer.
   */
  private static Path copy() throws IOException {
    Path copy = Files.createTempDirectory("writ-chart-");
    Program.of(copy, "cp", "-r", FOLDER.toString(), "writ").run().expectDone();
    Path chart = copy.resolve("writ/Chart.yaml");
    Files.writeString(
        chart, Repository.text(chart).replace("kubeVersion: \">=1.30.0-0\"", "# any Kubernetes"));
    Path hooks = copy.resolve("writ/templates/migration.yaml");
    Files.writeString(hooks, Repository.text(hooks).replace(HOOK, HIDDEN));
    return copy.resolve("writ");
  }

  /**
   * The objects that Helm would send to Kubernetes, hooks included.
   *
   * @throws RuntimeException if Helm refuses the values; the message says why
   */
  static List<Map<String, Object>> render(String... values) {
    try {
      var template = new Helm(copy()).template().withName("prod").withNamespace("writ");
      for (String one : values) {
        Path file = Files.createTempFile("values", ".yaml");
        file.toFile().deleteOnExit();
        template.withValuesFile(Files.writeString(file, one));
      }
      return Yaml.maps(template.call().replace(HIDDEN, HOOK));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
