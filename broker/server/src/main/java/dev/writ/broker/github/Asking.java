package dev.writ.broker.github;

import dev.writ.broker.remote.Deadline;
import java.util.UUID;

/**
 * On whose behalf GitHub is asked.
 *
 * @param account in lower case
 * @param deadline of the whole mint
 */
record Asking(App app, String account, UUID agent, UUID writ, Deadline deadline) {}
