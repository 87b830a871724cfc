package clew.model.template;

/// Python's truth: nothing, zero and what is empty are false.
final class Truth {
    private Truth() {}

    static boolean of(Value value) {
        return switch (value) {
            case Text t            -> !t.isEmpty();
            case Value.Undefined _ -> false;
            case Value.None _      -> false;
            case Value.Bool(var b) -> b;
            case Value.Int(var i)  -> i.signum() != 0;
            case Value.Real(var x) -> x != 0;
            case Value.Items i     -> !i.all().isEmpty();
            case Value.Dict(var m) -> !m.isEmpty();
            case Value.Range r     -> r.length() > 0;
            case Value.View v      -> !v.all().isEmpty();
            case Loop l            -> l.length() > 0;
            case Value.Stream _, Value.Namespace _, Value.Callable _ -> true;
        };
    }
}
