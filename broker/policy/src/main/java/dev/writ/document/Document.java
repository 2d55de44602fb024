package dev.writ.document;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A document that has been read, well or badly. {@link #read} turns it into a value or into the
 * list of all its problems; nothing here throws for bad input.
 *
 * <pre>{@code
 * Parsed<Server> server = Document.yaml(text, Limits.FILE).read(root -> {
 *   Fields fields = root.fields("host", "port");
 *   Optional<String> host = fields.required("host").string(255);
 *   Optional<Long> port = fields.optional("port").integer(1, 65_535);
 *   return root.whenSound(() -> new Server(host.orElseThrow(), port.orElse(8443L)));
 * });
 * }</pre>
 */
public final class Document {
  private final @Nullable Node root;
  private final Notes notes;

  private Document(@Nullable Node root, Notes notes) {
    this.root = root;
    this.notes = notes;
  }

  /**
   * Reads YAML 1.2 with the JSON schema's scalars: {@code no}, {@code 12h} and {@code 2026-01-05}
   * are text. One document; duplicate keys, anchors, aliases, merge keys and tags are problems.
   */
  public static Document yaml(String text, Limits limits) {
    return read(text, limits, YamlTree::read);
  }

  /** Reads JSON (RFC 8259); duplicate members are problems. */
  public static Document json(String text, Limits limits) {
    return read(text, limits, JsonTree::read);
  }

  /** The same from bytes, which must be UTF-8 without a byte order mark (RFC 8259, section 8.1). */
  public static Document json(byte[] utf8, Limits limits) {
    try {
      return json(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString(), limits);
    } catch (CharacterCodingException e) {
      Notes notes = new Notes();
      notes.add(Place.WHOLE, "not UTF-8");
      return new Document(null, notes);
    }
  }

  private interface Tree {
    Node read(String text, Limits limits, Notes notes);
  }

  private static Document read(String text, Limits limits, Tree tree) {
    Notes notes = new Notes();
    if (text.length() > limits.characters()) {
      notes.add(Place.WHOLE, "too long: at most " + limits.characters() + " characters");
      return new Document(null, notes);
    }
    try {
      return new Document(tree.read(text, limits, notes), notes);
    } catch (Unreadable unreadable) {
      notes.add(unreadable.place(), unreadable.reason());
      return new Document(null, notes);
    }
  }

  /**
   * Reads the whole document with {@code shape}, which takes the root and gives a value if nothing
   * was wrong (see {@link Value#whenSound}). Problems win over any value.
   */
  public <T> Parsed<T> read(Function<Value, Optional<T>> shape) {
    if (root == null) {
      return new Parsed.Invalid<>(notes.problems());
    }
    Optional<T> value = shape.apply(new Value(notes, root.place(), root));
    if (!notes.none()) {
      return new Parsed.Invalid<>(notes.problems());
    }
    return new Parsed.Valid<>(
        value.orElseThrow(() -> new IllegalStateException("neither a value nor a problem")));
  }
}
