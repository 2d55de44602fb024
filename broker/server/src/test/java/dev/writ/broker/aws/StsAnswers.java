package dev.writ.broker.aws;

import java.time.Instant;

/** What STS answers, as AWS's reference shows it. */
final class StsAnswers {
  private StsAnswers() {}

  static String session(String user, Instant expiration) {
    return session(user, expiration.toString(), "ASIATESTTESTTESTTEST");
  }

  static String session(String user, String expiration, String accessKeyId) {
    return """
    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <AssumeRoleWithWebIdentityResult>
        <SubjectFromWebIdentityToken>spiffe://writ.test/agent/x</SubjectFromWebIdentityToken>
        <Audience>sts.amazonaws.com</Audience>
        <AssumedRoleUser>
          <Arn>%s</Arn>
          <AssumedRoleId>AROACLKWSDQRAOEXAMPLE:x</AssumedRoleId>
        </AssumedRoleUser>
        <Credentials>
          <SessionToken>the+session/token==</SessionToken>
          <SecretAccessKey>the/secret+key</SecretAccessKey>
          <Expiration>%s</Expiration>
          <AccessKeyId>%s</AccessKeyId>
        </Credentials>
        <SourceIdentity>x</SourceIdentity>
        <Provider>arn:aws:iam::123456789012:oidc-provider/ids.example/sts</Provider>
      </AssumeRoleWithWebIdentityResult>
      <ResponseMetadata><RequestId>ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE</RequestId></ResponseMetadata>
    </AssumeRoleWithWebIdentityResponse>
    """
        .formatted(user, expiration, accessKeyId);
  }

  /** In AWS's shape. */
  static String error(String code, String message) {
    return """
    <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
      <Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>
      <RequestId>ad4156e9</RequestId>
    </ErrorResponse>
    """
        .formatted(code, message);
  }

  /** In S3's shape. */
  static String storeError(String code) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message></Message><RequestId>tx0</RequestId><HostId>h</HostId></Error>"
        .formatted(code);
  }
}
