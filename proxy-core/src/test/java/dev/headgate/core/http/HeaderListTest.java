package dev.headgate.core.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.headgate.api.http.HeaderField;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class HeaderListTest {
  /** One step, done to the list and to a plain model of it. */
  record Step(String kind, String name, String value) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> kinds =
        Arbitraries.of("set", "add", "remove", "mark", "rollback", "copyAndSpoil", "adoptCopy");
    Arbitrary<String> names = Arbitraries.of("A", "a", "B", "Accept", "X-Long-Name");
    Arbitrary<String> values = Arbitraries.of("1", "2", "", "three");
    return Combinators.combine(kinds, names, values).as(Step::new).list().ofMaxSize(40);
  }

  @Property
  void behavesAsAListOfLines(@ForAll("steps") List<Step> steps) {
    HeaderList list = new HeaderList(1);
    List<HeaderField> model = new ArrayList<>();
    List<HeaderField> marked = List.of();
    list.mark();
    for (Step step : steps) {
      switch (step.kind()) {
        case "set" -> {
          list.set(step.name(), step.value());
          set(model, step);
        }
        case "add" -> {
          list.add(step.name(), step.value());
          model.add(new HeaderField(step.name(), step.value()));
        }
        case "remove" -> {
          boolean had = model.removeIf(field -> field.name().equalsIgnoreCase(step.name()));
          assertEquals(had, list.remove(step.name()));
        }
        case "mark" -> {
          list.mark();
          marked = List.copyOf(model);
        }
        case "rollback" -> {
          list.rollback();
          model = new ArrayList<>(marked);
        }
        case "copyAndSpoil" -> {
          HeaderList copy = list.copy();
          copy.set("A", "spoiled");
          copy.add("New", "spoiled");
          copy.remove("B");
        }
        case "adoptCopy" -> {
          HeaderList copy = list.copy();
          list.add("Lost", "1");
          list.adopt(copy);
          copy.add("Also-Lost", "1");
        }
        default -> throw new AssertionError(step.kind());
      }
      assertEquals(model, list.fields());
    }
  }

  private static void set(List<HeaderField> model, Step step) {
    int first = -1;
    for (int i = 0; i < model.size(); i++) {
      if (!model.get(i).name().equalsIgnoreCase(step.name())) continue;
      if (first < 0) {
        first = i;
        model.set(i, new HeaderField(model.get(i).name(), step.value()));
      } else {
        model.remove(i--);
      }
    }
    if (first < 0) model.add(new HeaderField(step.name(), step.value()));
  }

  @Test
  void letsOnlyTheWriterWrite() {
    HeaderList list = new HeaderList();
    list.writer(null);
    assertThrows(IllegalStateException.class, () -> list.set("A", "1"));
    list.writer(Thread.currentThread());
    list.set("A", "1");
    list.unrestrict();
    list.add("A", "2");
    assertEquals(List.of("1", "2"), list.all("a"));
  }

  @Test
  void refusesLineBreaks() {
    HeaderList list = new HeaderList();
    assertThrows(IllegalArgumentException.class, () -> list.set("A", "x\r\nB: y"));
    assertThrows(IllegalArgumentException.class, () -> list.add("A\n", "x"));
    assertThrows(IllegalArgumentException.class, () -> list.add("A", "x\0"));
    assertEquals(0, list.size());
  }

  @Test
  void showsNoValues() {
    HeaderList list = new HeaderList();
    list.add("Authorization", "secret");
    assertFalse(list.toString().contains("secret"));
  }
}
