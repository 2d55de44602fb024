package dev.writ.keycloak;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The page in a real browser, on this Keycloak and a broker of its own, and on a stand-in for what
 * is hard to bring about there. The stories are told in {@code src/test/page}; each is a test here.
 *
 * <p>{@code -Dpage.stories=real/agents.test.mjs} tells only these, and {@code -Dpage.shots=FOLDER}
 * keeps their pictures.
 */
class PageStoriesTest {
  @RegisterExtension static final TestKeycloak KEYCLOAK = TestKeycloak.onPostgres();

  private static final List<String> BROWSERS = List.of("chromium", "chromium-browser");

  @TestFactory
  Stream<DynamicTest> the_page() {
    Optional<Path> browser = browser();
    assumeTrue(
        browser.isPresent(),
        "The page's stories need a browser. Install Chromium (Debian: apt-get install chromium).");
    PageStage stage = PageStage.open(KEYCLOAK);
    NodeStories stories = NodeStories.begin(stage.environment(browser.orElseThrow()));
    return Stream.concat(
            stories.stream().map(story -> DynamicTest.dynamicTest(story.name(), story::verify)),
            Stream.of(
                DynamicTest.dynamicTest("every story was told", () -> assertAllTold(stories))))
        .onClose(stories::close)
        .onClose(stage::close);
  }

  private static void assertAllTold(NodeStories stories) {
    assertTrue(stories.told() > 0, "Node.js told no story");
    assertTrue(
        stories.endedAsTold(), "Node.js did not end as its stories did: see what it wrote above");
  }

  private static Optional<Path> browser() {
    return BROWSERS.stream()
        .flatMap(name ->
            Arrays.stream(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
