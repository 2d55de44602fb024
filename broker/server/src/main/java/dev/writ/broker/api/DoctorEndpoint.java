package dev.writ.broker.api;

import dev.writ.broker.agent.Rights;
import dev.writ.broker.api.Callers.Known;
import dev.writ.broker.doctor.Area;
import dev.writ.broker.doctor.Doctor;
import dev.writ.broker.http.Answer;
import dev.writ.broker.http.Call;
import dev.writ.broker.http.Problem;
import dev.writ.broker.http.Routes;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code GET /v1/doctor}. For admins, not auditors: it asks targets, and spends of their quotas.
 */
final class DoctorEndpoint {
  private final Callers callers;
  private final Rights rights;
  private final Doctor doctor;

  DoctorEndpoint(Callers callers, Rights rights, Doctor doctor) {
    this.callers = callers;
    this.rights = rights;
    this.doctor = doctor;
  }

  void routes(Routes routes) {
    routes.get("/v1/doctor", callers.known(this::examine));
  }

  private Answer examine(Call call, Known known) {
    if (!rights.administers(known.caller())) {
      return Problem.notFound();
    }
    Optional<String> wrong = QueryParameters.wrongNames(call, Set.of("area"));
    if (wrong.isPresent()) {
      return Problem.invalid(wrong.get());
    }
    Set<Area> areas = EnumSet.noneOf(Area.class);
    for (String word : call.query("area").map(all -> List.of(all.split(",", -1))).orElse(WORDS)) {
      Optional<Area> area = Area.of(word);
      if (area.isEmpty()) {
        return Problem.invalid(
            "area: expected some of " + String.join(", ", WORDS) + ", with commas between.");
      }
      areas.add(area.get());
    }
    return doctor
        .examine(areas)
        .map(report -> Answer.json(report.json()))
        .orElseGet(() ->
            Problem.unavailable("Other examinations are under way. Ask again in some seconds."));
  }

  private static final List<String> WORDS =
      Arrays.stream(Area.values()).map(Area::word).collect(Collectors.toUnmodifiableList());
}
