package dev.writ.broker.owner;

/**
 * A person, who answers for what is theirs at any time.
 *
 * @param version from 1; there is nothing of a user yet that could change
 */
public record User(String name, long version) {}
