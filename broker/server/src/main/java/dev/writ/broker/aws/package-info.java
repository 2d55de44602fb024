/**
 * AWS as a target, and S3 stores that speak its STS: assumes the role that a grant names, always
 * with a session policy that holds the grant and nothing else, and compares the answer with what
 * was asked. The broker has no AWS credentials of its own: accounts trust its STS issuer.
 */
@NullMarked
package dev.writ.broker.aws;

import org.jspecify.annotations.NullMarked;
