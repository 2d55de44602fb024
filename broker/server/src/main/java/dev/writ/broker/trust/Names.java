package dev.writ.broker.trust;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;

/**
 * Which names may stand below an intermediate (RFC 5280 section 4.2.1.10). A kind of name of which
 * nothing is permitted must be permitted for a name that nobody can have, or be excluded, for a
 * kind that is not mentioned is free. (Excluding every DNS name by an empty one would do for
 * OpenSSL; the JDK fails on it.)
 */
record Names(List<GeneralSubtree> permitted, List<GeneralSubtree> excluded) {

  /** Reserved by RFC 2606: never the host of anything. */
  private static final String NOBODY = "invalid";

  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  /** URIs whose host is the trust domain; no DNS name, no address, no mailbox. */
  static Names agents(TrustDomain domain) {
    return new Names(
        List.of(
            subtree(GeneralName.uniformResourceIdentifier, domain.name()),
            subtree(GeneralName.dNSName, NOBODY),
            subtree(GeneralName.rfc822Name, NOBODY)),
        List.of(everyAddress(IPV4_BYTES), everyAddress(IPV6_BYTES)));
  }

  /** These names and addresses; no URI, no mailbox. */
  static Names server(ServerNames names) {
    List<GeneralSubtree> permitted = new ArrayList<>();
    names.dns().forEach(name -> permitted.add(subtree(GeneralName.dNSName, name)));
    names.addresses().forEach(address -> permitted.add(oneAddress(address.getAddress())));
    permitted.add(subtree(GeneralName.dNSName, NOBODY));
    permitted.add(subtree(GeneralName.uniformResourceIdentifier, NOBODY));
    permitted.add(subtree(GeneralName.rfc822Name, NOBODY));
    List<GeneralSubtree> excluded = new ArrayList<>();
    if (names.addresses().isEmpty()) {
      excluded.add(everyAddress(IPV4_BYTES));
      excluded.add(everyAddress(IPV6_BYTES));
    }
    return new Names(permitted, excluded);
  }

  NameConstraints constraints() {
    return new NameConstraints(
        permitted.toArray(GeneralSubtree[]::new),
        excluded.isEmpty() ? null : excluded.toArray(GeneralSubtree[]::new));
  }

  private static GeneralSubtree subtree(int kind, String base) {
    return new GeneralSubtree(new GeneralName(kind, base));
  }

  /** Address and mask, both zero: matches every address of this length. */
  private static GeneralSubtree everyAddress(int bytes) {
    return new GeneralSubtree(
        new GeneralName(GeneralName.iPAddress, new DEROctetString(new byte[2 * bytes])));
  }

  private static GeneralSubtree oneAddress(byte[] address) {
    byte[] withMask = new byte[2 * address.length];
    System.arraycopy(address, 0, withMask, 0, address.length);
    Arrays.fill(withMask, address.length, withMask.length, (byte) 0xff);
    return new GeneralSubtree(new GeneralName(GeneralName.iPAddress, new DEROctetString(withMask)));
  }
}
