package dev.writ.broker.blame;

import dev.writ.broker.agent.AgentRecord;
import dev.writ.broker.writ.Writ;
import java.util.Optional;

/**
 * Who held it and who answers for it.
 *
 * @param writ absent when the agent held none at the instant: the rest is then as of its launch
 * @param policy name@version
 * @param owner at issue
 * @param accountable the person on duty at issue; absent if nobody was and none is stored
 * @param enrolment that the writ was issued to; absent before the first
 * @param sequence of the ledger's row that says so
 */
public record Blamed(
    AgentRecord agent,
    Optional<Writ> writ,
    String policy,
    String owner,
    Optional<String> accountable,
    Optional<AgentRecord.Enrolment> enrolment,
    Optional<Long> sequence) {}
