package dev.writ.broker.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** An OIDC issuer of a platform on which agents run, whose tokens may enrol them. */
public record Platform(URI issuer, Optional<Path> ca) {}
