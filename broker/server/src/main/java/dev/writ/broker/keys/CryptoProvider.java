package dev.writ.broker.keys;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import com.amazon.corretto.crypto.provider.SelfTestStatus;
import java.security.Provider;
import java.security.Security;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that decides who computes signatures: Amazon Corretto Crypto Provider when its
 * native library loads and passes its self test, else the JDK, with one warning.
 *
 * <p>The choice is made once per JVM, at the first call of {@link #install()}.
 */
public enum CryptoProvider {
  /** Native code; private scalars of EC keys stay outside the Java heap. */
  ACCP,
  /** Pure Java: about ten times slower, and private scalars are in the heap. */
  JDK;

  private static final Logger log = LoggerFactory.getLogger(CryptoProvider.class);

  /** Decides, puts ACCP first in the JCA's list where it works, and says which is in use. */
  public static CryptoProvider install() {
    return Chosen.PROVIDER;
  }

  /** The provider's name and version, for logs and benchmarks. */
  public String label() {
    Provider provider = ec();
    return provider.getName() + " " + provider.getVersionStr();
  }

  /** The JCA provider that makes and uses P-256 keys. */
  public Provider ec() {
    return switch (this) {
      case ACCP -> AmazonCorrettoCryptoProvider.INSTANCE;
      case JDK -> Jdk.EC;
    };
  }

  private static final class Chosen {
    static final CryptoProvider PROVIDER = choose();

    private static CryptoProvider choose() {
      String reason = whyNotAccp();
      if (reason.isEmpty()) {
        AmazonCorrettoCryptoProvider.install();
        return ACCP;
      }
      log.warn(
          "Signatures are computed by the JDK, about ten times slower, with private keys in the"
              + " Java heap: Amazon Corretto Crypto Provider is not usable here: {}",
          reason);
      return JDK;
    }

    private static String whyNotAccp() {
      try {
        AmazonCorrettoCryptoProvider accp = AmazonCorrettoCryptoProvider.INSTANCE;
        Throwable loading = accp.getLoadingError();
        if (loading != null) {
          return String.valueOf(loading);
        }
        SelfTestStatus status = accp.runSelfTests();
        return status == SelfTestStatus.PASSED ? "" : "its self test ended with " + status;
      } catch (LinkageError | RuntimeException e) {
        return String.valueOf(e);
      }
    }
  }

  private static final class Jdk {
    static final Provider EC = find();

    private static Provider find() {
      Provider provider = Security.getProvider("SunEC");
      if (provider == null) {
        throw new IllegalStateException("This JDK has no SunEC provider: install a complete JDK");
      }
      return provider;
    }
  }
}
