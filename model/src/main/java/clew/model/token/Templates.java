package clew.model.token;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The post-processors of tokenizer.json that put special tokens around a text.
final class Templates {
    private Templates() {}

    static PostProcessor template(Part part) {
        var before = new ArrayList<PostProcessor.Template.Special>();
        var behind = new ArrayList<PostProcessor.Template.Special>();
        int texts = 0;
        var known = part.part("special_tokens");                         // unused ones and pairs must be right, too
        for (var name : known.node().propertyNames()) specials(known, name);
        for (var step : part.parts("pair")) step(step);
        for (var step : part.parts("single")) {
            Optional<Part> special = step(step).optional("SpecialToken");
            if (special.isPresent()) (texts == 0 ? before : behind).addAll(specials(known, special.get().string("id")));
            else if (step.part("Sequence").string("id").equals("A")) texts++;
            else throw step.wrong("Sequence", "the text A");
        }
        if (texts != 1) throw part.wrong("single", "a template with the text A once");
        return new PostProcessor.Template(List.copyOf(before), List.copyOf(behind));
    }

    /// A step of a template, which has one key.
    private static Part step(Part step) {
        var inside = step.optional("SpecialToken").orElseGet(() -> step.part("Sequence"));
        inside.unsigned("type_id", 32);
        if (step.node().size() != 1 || step.node().has("Sequence") && !inside.string("id").matches("[AB]"))
            throw step.wrong("Sequence", "the text A or B, or else a SpecialToken");
        inside.only("id", "type_id").string("id");
        return step;
    }

    /// `cls` in front of a text and `sep` behind it, each a pair of piece and id.
    static PostProcessor framed(Part part) {
        return new PostProcessor.Template(List.of(special(part, "cls")), List.of(special(part, "sep")));
    }

    private static PostProcessor.Template.Special special(Part part, String key) {
        var pair = part.array(key);
        if (pair.size() != 2 || !pair.get(0).isString() || !isId(pair.get(1)))
            throw part.wrong(key, "a pair of piece and id");
        return new PostProcessor.Template.Special(pair.get(1).intValue(), pair.get(0).stringValue());
    }

    private static boolean isId(JsonNode value) {
        return value.isInt() && value.intValue() >= 0;
    }

    private static List<PostProcessor.Template.Special> specials(Part known, String name) {
        var special = known.part(name).only("id", "ids", "tokens");
        if (!special.string("id").equals(name)) throw special.wrong("id", "the name '" + name + "'");
        var ids = special.array("ids");
        var pieces = special.array("tokens");
        if (ids.size() != pieces.size()) throw special.wrong("ids", "as long as tokens");
        var list = new ArrayList<PostProcessor.Template.Special>();
        for (int i = 0; i < ids.size(); i++) {
            if (!isId(ids.get(i)) || !pieces.get(i).isString()) throw special.wrong("ids", "a list of numbers");
            list.add(new PostProcessor.Template.Special(ids.get(i).intValue(), pieces.get(i).stringValue()));
        }
        return list;
    }
}
