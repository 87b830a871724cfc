package clew.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Arithmetic, order and membership, as Python has them.
///
/// @param room what results are taken from
record Operators(Room room) {
    private static final int BITS = 1 << 16;

    Value apply(String operator, Value a, Value b) {
        if (a instanceof Value.Undefined u) throw u.fault();
        if (operator.equals("%") && a instanceof Text format) return PercentFormat.of(format, b, room);
        if (b instanceof Value.Undefined u) throw u.fault();
        return switch (operator) {
            case "+" -> plus(a, b);
            case "*" -> times(a, b);
            default  -> {
                if (!(a instanceof Value.Number x) || !(b instanceof Value.Number y)) throw wrong(operator, a, b);
                yield arithmetic(operator, x, y);
            }
        };
    }

    private static TemplateException wrong(String operator, Value a, Value b) {
        return new TemplateException("'" + Types.name(a) + "' and '" + Types.name(b) + "' do not go with "
            + operator);
    }

    private Value plus(Value a, Value b) {
        if (a instanceof Text x && b instanceof Text y) {
            var escapes = x.isMarkup() || y.isMarkup();
            var sum = new Weave(room).add(escapes ? Html.escape(x, room) : x).add(escapes ? Html.escape(y, room) : y);
            return escapes ? sum.text().markup() : sum.text();
        }
        if (a instanceof Value.Items x && b instanceof Value.Items y && x.kind() == y.kind()) {
            room.take(x.all().size() + y.all().size());
            var all = new ArrayList<>(x.all());
            all.addAll(y.all());
            return new Value.Items(all, x.kind());
        }
        if (a instanceof Value.Number x && b instanceof Value.Number y) return arithmetic("+", x, y);
        throw wrong("+", a, b);
    }

    private Value times(Value a, Value b) {
        if (a instanceof Value.Number x && b instanceof Value.Number y) return arithmetic("*", x, y);
        if (a instanceof Value.Number && (b instanceof Text || b instanceof Value.Items)) return times(b, a);
        if (!(b instanceof Value.Number n) || n instanceof Value.Real) throw wrong("*", a, b);
        int count = Math.max(0, Types.clamp(Value.whole(n)));
        return switch (a) {
            case Text t when t.isMarkup() -> new Weave(room).repeat(t, count).text().markup();
            case Text t                   -> new Weave(room).repeat(t, count).text();
            case Value.Items i            -> {
                room.take((long) count * i.all().size());
                var all = new ArrayList<Value>();
                for (int k = 0; k < count && !i.all().isEmpty(); k++) all.addAll(i.all());
                yield new Value.Items(all, i.kind());
            }
            default                       -> throw wrong("*", a, b);
        };
    }

    private Value arithmetic(String operator, Value.Number a, Value.Number b) {
        if (a instanceof Value.Real || b instanceof Value.Real) return real(operator, a.real(), b.real());
        BigInteger x = Value.whole(a), y = Value.whole(b);
        room.take((x.bitLength() + y.bitLength()) >> 5);
        return switch (operator) {
            case "+"  -> new Value.Int(x.add(y));
            case "-"  -> new Value.Int(x.subtract(y));
            case "*"  -> bounded(x.multiply(y));
            case "/"  -> new Value.Real(quotient(x, notZero(y)));
            case "//" -> new Value.Int(floored(x, notZero(y))[0]);
            case "%"  -> new Value.Int(floored(x, notZero(y))[1]);
            case "**" -> power(x, y);
            default   -> throw new IllegalStateException(operator);
        };
    }

    private static BigInteger notZero(BigInteger y) {
        if (y.signum() == 0) throw new TemplateException("division by zero");
        return y;
    }

    private static double notZero(double y) {
        if (y == 0) throw new TemplateException("division by zero");
        return y;
    }

    private static Value bounded(BigInteger n) {
        if (n.bitLength() > BITS) throw new TemplateException("the number has more than " + BITS + " bits");
        return new Value.Int(n);
    }

    private static double quotient(BigInteger x, BigInteger y) {
        if (x.bitLength() < 54 && y.bitLength() < 54) return x.doubleValue() / y.doubleValue();
        return new BigDecimal(x).divide(new BigDecimal(y), new MathContext(60)).doubleValue();
    }

    /// Quotient towards −∞ and its remainder, which has the divisor's sign.
    static BigInteger[] floored(BigInteger x, BigInteger y) {
        var parts = x.divideAndRemainder(y);
        if (parts[1].signum() * y.signum() < 0)
            return new BigInteger[] {parts[0].subtract(BigInteger.ONE), parts[1].add(y)};
        return parts;
    }

    private static Value power(BigInteger x, BigInteger y) {
        if (y.signum() < 0) {
            if (x.signum() == 0) throw new TemplateException("0 cannot be raised to a negative power");
            return new Value.Real(Math.pow(x.doubleValue(), y.doubleValue()));
        }
        if (x.bitLength() > 1 && y.multiply(BigInteger.valueOf(x.bitLength())).bitLength() > 17)
            throw new TemplateException("the number has more than " + BITS + " bits");
        if (x.bitLength() <= 1) return new Value.Int(unitPower(x, y));
        return bounded(x.pow(y.intValueExact()));
    }

    /// −2, −1, 0 and 1 have one bit at most; −2 grows.
    private static BigInteger unitPower(BigInteger x, BigInteger y) {
        if (y.signum() == 0) return BigInteger.ONE;
        if (x.equals(BigInteger.TWO.negate())) return ((Value.Int) bounded(x.pow(Types.clamp(y.min(
            BigInteger.valueOf(BITS + 1)))))).value();
        return x.signum() < 0 && !y.testBit(0) ? BigInteger.ONE : x;
    }

    private static Value real(String operator, double x, double y) {
        return new Value.Real(switch (operator) {
            case "+"  -> x + y;
            case "-"  -> x - y;
            case "*"  -> x * y;
            case "/"  -> x / notZero(y);
            case "//" -> floorDivision(x, notZero(y));
            case "%"  -> modulo(x, notZero(y));
            case "**" -> realPower(x, y);
            default   -> throw new IllegalStateException(operator);
        });
    }

    private static double modulo(double x, double y) {
        var rest = x % y;
        if (rest == 0) return Math.copySign(0, y);
        return rest < 0 != y < 0 ? rest + y : rest;
    }

    private static double floorDivision(double x, double y) {
        var rest = x % y;
        var quotient = (x - rest) / y;
        if (rest != 0 && rest < 0 != y < 0) quotient -= 1;
        if (quotient == 0) return Math.copySign(0, x / y);
        var floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static double realPower(double x, double y) {
        if (x == 0 && y < 0) throw new TemplateException("0.0 cannot be raised to a negative power");
        if (x < 0 && Double.isFinite(x) && Double.isFinite(y) && y != Math.rint(y))
            throw new TemplateException("a negative number to a fractional power is complex, which is not supported");
        var power = Math.pow(x, y);
        if (Double.isInfinite(power) && Double.isFinite(x) && Double.isFinite(y))
            throw new TemplateException("the power is too large for a float");
        return power;
    }

    Value negative(String operator, Value value) {
        if (!(value instanceof Value.Number n))
            throw Types.not(value, "no operand for " + operator);
        if (n instanceof Value.Real(var x)) return new Value.Real(operator.equals("-") ? -x : x);
        return new Value.Int(operator.equals("-") ? Value.whole(n).negate() : Value.whole(n));
    }

    boolean holds(String operator, Value a, Value b) {
        return switch (operator) {
            case "=="     -> same(a, b);
            case "!="     -> !same(a, b);
            case "<"      -> ordered(a, b) && compare(a, b) < 0;
            case "<="     -> ordered(a, b) && compare(a, b) <= 0;
            case ">"      -> ordered(a, b) && compare(a, b) > 0;
            case ">="     -> ordered(a, b) && compare(a, b) >= 0;
            case "in"     -> contains(b, a);
            case "not in" -> !contains(b, a);
            default       -> throw new IllegalStateException(operator);
        };
    }

    /// Python's `==`. A list of lists may stand for far more elements than were ever made, so each that is looked at is
    /// taken from the room.
    boolean same(Value a, Value b) {
        room.take(1 + Math.min(weight(a), weight(b)));
        room.enter();
        var same = sameInside(a, b);
        room.leave();
        return same;
    }

    private boolean sameInside(Value a, Value b) {
        if (a instanceof Value.Items x && b instanceof Value.Items y)
            return x.kind() == y.kind() && same(x.all(), y.all());
        if (a instanceof Value.View x && b instanceof Value.View y)
            return x.type().equals(y.type()) && same(x.all(), y.all());
        return a instanceof Value.Dict(var x) && b instanceof Value.Dict(var y) ? same(x, y) : a.equals(b);
    }

    private boolean same(List<Value> x, List<Value> y) {
        if (x == y) return true;
        if (x.size() != y.size()) return false;
        for (int i = 0; i < x.size(); i++) if (!same(x.get(i), y.get(i))) return false;
        return true;
    }

    private boolean same(Map<Value, Value> x, Map<Value, Value> y) {
        if (x == y) return true;
        if (x.size() != y.size()) return false;
        for (var entry : x.entrySet()) {
            var other = y.get(Types.hashable(entry.getKey(), room));
            if (other == null || !same(entry.getValue(), other)) return false;
        }
        return true;
    }

    /// What looking at the value takes, but not at what lies in its elements.
    private static int weight(Value value) {
        return switch (value) {
            case Text t        -> t.string().length();
            case Value.Items i -> i.all().size();
            case Value.Dict d  -> d.map().size();
            default            -> 1;
        };
    }

    /// Not a number is neither less nor more.
    private boolean ordered(Value a, Value b) {
        compare(a, b);
        return !(a instanceof Value.Real(var x) && Double.isNaN(x)) && !(b instanceof Value.Real(var y)
            && Double.isNaN(y));
    }

    /// By `<`.
    ///
    /// @throws TemplateException if the values have no order
    int compare(Value a, Value b) {
        room.take(1 + Math.min(weight(a), weight(b)));
        if (a instanceof Value.Undefined u) throw u.fault();
        if (b instanceof Value.Undefined u) throw u.fault();
        if (a instanceof Value.Number x && b instanceof Value.Number y) return numbers(x, y);
        if (a instanceof Text x && b instanceof Text y) return points(x.string(), y.string());
        if (a instanceof Value.Items x && b instanceof Value.Items y && x.kind() == y.kind()) {
            room.enter();
            var order = compare(x.all(), y.all());
            room.leave();
            return order;
        }
        throw new TemplateException("'" + Types.name(a) + "' and '" + Types.name(b) + "' have no order");
    }

    /// By the first elements that differ, or else by the lengths.
    private int compare(List<Value> x, List<Value> y) {
        for (int i = 0; i < Math.min(x.size(), y.size()); i++)
            if (!same(x.get(i), y.get(i))) return compare(x.get(i), y.get(i));
        return Integer.compare(x.size(), y.size());
    }

    private static int numbers(Value.Number x, Value.Number y) {
        if (!Double.isFinite(x.real()) || !Double.isFinite(y.real())) return Double.compare(x.real(), y.real());
        return Value.exact(x).compareTo(Value.exact(y));
    }

    /// By code points, not by chars.
    private static int points(String a, String b) {
        for (int i = 0; i < Math.min(a.length(), b.length()); i++) {
            char x = a.charAt(i), y = b.charAt(i);
            if (x == y) continue;
            var order = Character.isSurrogate(x) == Character.isSurrogate(y);
            return order ? Character.compare(x, y) : Character.isSurrogate(x) ? 1 : -1;
        }
        return Integer.compare(a.length(), b.length());
    }

    boolean contains(Value whole, Value part) {
        room.take(weight(whole));
        return switch (whole) {
            case Text t             -> {
                if (!(part instanceof Text p))
                    throw new TemplateException("'in' a string wants a string, not a value of type '"
                        + Types.name(part) + "'");
                yield t.string().contains(p.string());
            }
            case Value.Dict(var m)  -> m.containsKey(Types.hashable(part, room));
            case Value.Undefined _  -> false;
            default                 -> {
                if (!Sequences.isIterable(whole))
                    throw new TemplateException("argument of type '" + Types.name(whole) + "' is not iterable");
                for (var it = Sequences.iterate(whole, room); it.hasNext(); ) if (same(it.next(), part)) yield true;
                yield false;
            }
        };
    }
}
