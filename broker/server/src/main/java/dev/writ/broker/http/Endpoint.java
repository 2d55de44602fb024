package dev.writ.broker.http;

/** What answers one route. Runs on a virtual thread of its own: it may block. */
@FunctionalInterface
public interface Endpoint {
  Answer answer(Call call);
}
