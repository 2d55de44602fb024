package dev.writ.document;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.JsonScalarResolver;

/**
 * Builds the tree from YAML events, for only there are anchors, tags and the style of a scalar
 * still to be seen.
 */
final class YamlTree {
  private static final JsonScalarResolver SCALARS = new JsonScalarResolver();

  private final Iterator<Event> events;
  private final Limits limits;
  private final Notes notes;

  private YamlTree(Iterator<Event> events, Limits limits, Notes notes) {
    this.events = events;
    this.limits = limits;
    this.notes = notes;
  }

  static Node read(String text, Limits limits, Notes notes) {
    LoadSettings settings =
        LoadSettings.builder().setLabel("document").setCodePointLimit(limits.characters()).build();
    try {
      return new YamlTree(new Parse(settings).parseString(text).iterator(), limits, notes)
          .document();
    } catch (MarkedYamlEngineException e) {
      Place place = e.getProblemMark().map(mark -> place(mark, "")).orElse(Place.WHOLE);
      throw new Unreadable(place, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new Unreadable(Place.WHOLE, "not YAML: " + Quoted.of(String.valueOf(e.getMessage())));
    }
  }

  private Node document() {
    events.next(); // stream start
    Event start = events.next();
    if (start.getEventId() != Event.ID.DocumentStart) {
      throw new Unreadable(Place.WHOLE, "the document is empty");
    }
    Node root = node(events.next(), "", 1);
    events.next(); // document end
    Event next = events.next();
    if (next.getEventId() != Event.ID.StreamEnd) {
      throw new Unreadable(
          place(next, ""), "a second document: one is expected, remove the \"---\"");
    }
    return root;
  }

  private Node node(Event event, String pointer, int depth) {
    Place place = place(event, pointer);
    if (event instanceof AliasEvent) {
      notes.add(place, "aliases are not allowed: write the value out");
      return new Node.Nothing(place);
    }
    refuseDecorations((NodeEvent) event, place);
    if (event instanceof ScalarEvent scalar) {
      return scalar(scalar, place);
    }
    if (depth > limits.depth()) {
      throw new Unreadable(place, "nested too deeply: at most " + limits.depth() + " levels");
    }
    return event instanceof MappingStartEvent ? mapping(place, depth) : sequence(place, depth);
  }

  private void refuseDecorations(NodeEvent event, Place place) {
    if (event.getAnchor().isPresent()) {
      notes.add(place, "anchors are not allowed: write the value out where it is needed");
    }
    Optional<String> tag =
        event instanceof ScalarEvent scalar
            ? scalar.getTag()
            : ((CollectionStartEvent) event).getTag();
    if (tag.isPresent()) {
      notes.add(place, "tags are not allowed: remove " + Quoted.of(tag.get()));
    }
  }

  private Node mapping(Place place, int depth) {
    Map<String, Node.Member> members = new LinkedHashMap<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      Node key = node(event, place.pointer(), depth + 1);
      String name = key instanceof Node.Text text ? text.value() : "";
      String pointer = Place.below(place.pointer(), name);
      Place keyPlace = place(event, pointer);
      Node.Member member = new Node.Member(keyPlace, node(events.next(), pointer, depth + 1));
      if (!(key instanceof Node.Text)) {
        notes.add(keyPlace, "a key must be text, got " + key.kind());
      } else if (name.equals("<<")) {
        notes.add(keyPlace, "merge keys are not allowed: write the members out");
      } else if (members.putIfAbsent(name, member) != null) {
        notes.add(keyPlace, "duplicate key " + Quoted.of(name));
      }
    }
    return new Node.Mapping(place, members);
  }

  private Node sequence(Place place, int depth) {
    List<Node> items = new ArrayList<>();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      items.add(node(event, place.pointer() + '/' + items.size(), depth + 1));
    }
    return new Node.Sequence(place, items);
  }

  private static Node scalar(ScalarEvent scalar, Place place) {
    String value = scalar.getValue();
    Tag tag = scalar.isPlain() ? SCALARS.resolve(value, true) : Tag.STR;
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return new Node.Numeric(place, value);
    }
    if (tag.equals(Tag.BOOL)) {
      return new Node.Bool(place, value.equals("true"));
    }
    return tag.equals(Tag.NULL) ? new Node.Nothing(place) : new Node.Text(place, value);
  }

  private static Place place(Event event, String pointer) {
    return event.getStartMark().map(mark -> place(mark, pointer)).orElse(Place.WHOLE);
  }

  private static Place place(Mark mark, String pointer) {
    return Place.line(mark.getIndex(), mark.getLine(), mark.getColumn(), pointer);
  }
}
