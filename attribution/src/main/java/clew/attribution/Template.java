package clew.attribution;

import clew.model.token.Token;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A text with named slots, `Where does {name} live?`: what stands in each, and what is there instead when a slot is
/// taken away (Captum's TextTemplateInput).
///
/// Every rendering is a text of its own and cut into tokens anew, so a replacement may be of any length.
///
/// @param parts of the text, one behind another
/// @param slots in the order in which they first appear
public record Template(List<Part> parts, List<Slot> slots) {
    /// @param value   what stands there; not empty
    /// @param instead what stands there without it, perhaps nothing
    public record Slot(String name, String value, String instead) {}

    /// Text of the template itself, or the name of a slot.
    public record Part(String text, boolean isSlot) {}

    public Template {
        parts = List.copyOf(parts);
        slots = List.copyOf(slots);
    }

    /// Other braces than those of the slots' names are text. A slot may stand at several places.
    ///
    /// @throws IllegalArgumentException if a slot has no place in the text, no value, or another's name
    public static Template of(String text, List<Slot> slots) {
        for (var slot : slots) {
            if (slots.stream().filter(s -> s.name.equals(slot.name)).count() > 1)
                throw new IllegalArgumentException("slot '" + slot.name + "' is filled twice; fill it once");
            if (slot.value.isEmpty())
                throw new IllegalArgumentException("slot '" + slot.name + "' is empty; give it a text");
            if (!text.contains("{" + slot.name + "}"))
                throw new IllegalArgumentException("there is no {" + slot.name + "} in the prompt; write it where the"
                    + " slot is");
        }
        var names = slots.stream().map(s -> Pattern.quote(s.name)).collect(Collectors.joining("|"));
        var found = Pattern.compile("\\{(" + names + ")}").matcher(text);
        var parts = new ArrayList<Part>();
        var order = new ArrayList<Slot>();
        var at = 0;
        while (found.find()) {
            parts.add(new Part(text.substring(at, found.start()), false));
            parts.add(new Part(found.group(1), true));
            slots.stream().filter(s -> s.name.equals(found.group(1)) && !order.contains(s)).forEach(order::add);
            at = found.end();
        }
        parts.add(new Part(text.substring(at), false));
        return new Template(parts, order);
    }

    /// With every slot filled.
    public String text() {
        return without(new BitSet());
    }

    /// With what stands instead in the place of some slots.
    public String without(BitSet gone) {
        return parts.stream().map(p -> !p.isSlot ? p.text : gone.get(slot(p)) ? slots.get(slot(p)).instead
            : slots.get(slot(p)).value).collect(Collectors.joining());
    }

    private int slot(Part part) {
        return IntStream.range(0, slots.size()).filter(i -> slots.get(i).name.equals(part.text)).findFirst()
            .orElseThrow();
    }

    /// The tokens of every slot: those that cover any of its text. One that covers the text of two is the first's.
    ///
    /// @param tokens of [#text]
    /// @throws IllegalArgumentException if a slot has no token of its own
    public Groups groups(List<Token> tokens) {
        var members = slots.stream().map(_ -> new BitSet()).toList();
        var taken = new BitSet();
        var at = 0;
        for (var part : parts) {
            var text = part.isSlot ? slots.get(slot(part)).value : part.text;
            int from = at, to = at += text.codePointCount(0, text.length());
            if (part.isSlot)
                tokens.stream().filter(t -> t.start() < to && t.end() > from && !taken.get(t.index())).forEach(t -> {
                    taken.set(t.index());
                    members.get(slot(part)).set(t.index());
                });
        }
        for (int i = 0; i < members.size(); i++)
            if (members.get(i).isEmpty())
                throw new IllegalArgumentException("slot '" + slots.get(i).name + "' has no token of its own; put a"
                    + " space between it and the slot before");
        return new Groups(members.stream().map(m -> m.stream().toArray()).toList());
    }
}
