package dev.writ.broker.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One AWS account, or an S3 store that speaks STS.
 *
 * @param account twelve digits, or empty for a store whose ARNs have no account
 * @param issuer the public URL that the account trusts; absent: {@link Config#stsIssuer}
 * @param sessionMin the shortest session that the STS endpoint grants
 * @param ca whom to trust there; absent: whom the machine trusts
 */
public record AwsAccount(
    String account, URI sts, Optional<URI> issuer, Duration sessionMin, Optional<Path> ca) {}
