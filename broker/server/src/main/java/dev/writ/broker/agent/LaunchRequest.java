package dev.writ.broker.agent;

import dev.writ.policy.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a launcher asks for, read and sound.
 *
 * @param owner {@code user:…} or {@code group:…}; absent for a child
 * @param narrow what the agent is to be narrowed to; absent: not narrowed
 * @param requestedBy {@code user:…}
 */
public record LaunchRequest(
    String policy,
    Optional<String> owner,
    Optional<Duration> ttl,
    Optional<String> task,
    Optional<String> role,
    Map<String, String> labels,
    Optional<List<Request>> narrow,
    Optional<AgentRecord.Context> context,
    Optional<String> requestedBy) {}
