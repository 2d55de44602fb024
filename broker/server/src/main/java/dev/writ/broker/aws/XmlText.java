package dev.writ.broker.aws;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The texts of an XML document's innermost elements, by path such as {@code Error/Code}; namespaces
 * and attributes are left aside. No document types, no entities but XML's own, nothing nested
 * without end, no element twice.
 */
record XmlText(Map<String, String> byPath) {
  private static final int DEPTH_MAX = 8;
  private static final int ELEMENTS_MAX = 100;

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    return factory;
  }

  /** Empty for what is no such document. */
  static Optional<XmlText> read(byte[] document) {
    try {
      XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(document));
      try {
        return read(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException | RuntimeException notXml) {
      return Optional.empty(); // the JDK's reader also throws unchecked on some broken input
    }
  }

  private static Optional<XmlText> read(XMLStreamReader reader) throws XMLStreamException {
    Map<String, String> texts = new HashMap<>();
    Deque<String> open = new ArrayDeque<>();
    StringBuilder text = new StringBuilder();
    boolean leaf = false;
    int elements = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          open.addLast(reader.getLocalName());
          if (++elements > ELEMENTS_MAX || open.size() > DEPTH_MAX) {
            return Optional.empty();
          }
          text.setLength(0);
          leaf = true;
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
            text.append(reader.getText());
        case XMLStreamConstants.END_ELEMENT -> {
          if (leaf && texts.put(path(open), text.toString().strip()) != null) {
            return Optional.empty();
          }
          open.removeLast();
          leaf = false;
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> {
          return Optional.empty();
        }
        default -> {}
      }
    }
    return Optional.of(new XmlText(Map.copyOf(texts)));
  }

  private static String path(Deque<String> open) {
    return String.join("/", open);
  }

  /** Empty if it is missing, or empty. */
  Optional<String> at(String path) {
    return Optional.ofNullable(byPath.get(path)).filter(text -> !text.isEmpty());
  }

  /** Credentials may be among the texts. */
  @Override
  public String toString() {
    return "XmlText" + byPath.keySet();
  }
}
