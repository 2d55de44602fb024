package dev.writ.broker.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.writ.document.Problem;
import dev.writ.policy.Flag;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with policy files, and what is dangerous in them. */
final class PolicyReport {
  private final List<PolicyFile> files;
  private final PolicyContext context;
  private final Path directory;

  /**
   * @param directory that paths are shown relative to
   */
  PolicyReport(List<PolicyFile> files, PolicyContext context, Path directory) {
    this.files = files;
    this.context = context;
    this.directory = directory;
  }

  boolean sound() {
    return files.stream().allMatch(PolicyFile::sound);
  }

  ObjectNode json() {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    ArrayNode policies = report.putArray("policies");
    for (PolicyFile file : files) {
      ObjectNode policy = policies.addObject();
      policy.put("file", name(file));
      file.policy().ifPresent(sound -> policy.put("name", sound.name().value()));
      policy.put("valid", file.sound());
      ArrayNode errors = policy.putArray("errors");
      for (Problem problem : file.parsed().problems()) {
        errors.addObject().put("place", problem.place()).put("message", problem.message());
      }
      policy.set("flags", PolicyFlags.json(flags(file)));
    }
    return report;
  }

  List<String> lines(Screen screen) {
    List<String> lines = new ArrayList<>();
    for (PolicyFile file : files) {
      lines.add(heading(file, screen));
      file.parsed().problems().forEach(problem -> lines.add("  " + Text.safe(problem.toString())));
      PolicyFlags.lines(flags(file), screen).forEach(line -> lines.add("  " + line));
    }
    long broken = files.stream().filter(file -> !file.sound()).count();
    lines.add(
        (files.size() == 1 ? "1 policy" : files.size() + " policies")
            + (broken == 0 ? ", all sound." : ", " + broken + " with errors."));
    return lines;
  }

  private String heading(PolicyFile file, Screen screen) {
    int errors = file.parsed().problems().size();
    return file.policy()
        .map(policy ->
            name(file)
                + ": "
                + screen.bold(policy.name().value())
                + " is sound, "
                + (policy.grants().size() == 1 ? "1 grant" : policy.grants().size() + " grants"))
        .orElse(name(file) + ": " + screen.red(errors == 1 ? "1 error" : errors + " errors"));
  }

  private List<Flag> flags(PolicyFile file) {
    return file.policy().map(context::flags).orElse(List.of());
  }

  private String name(PolicyFile file) {
    return Text.safe(
        file.path().startsWith(directory)
            ? directory.relativize(file.path()).toString()
            : file.path().toString());
  }
}
