package clew.attribution;

/// One array of the goldens: `precision/sequence/target/what`, each part but the last left out where it has no meaning.
///
/// @param array     the full name
/// @param precision `f32` or `f64`; files without it are float64
/// @param sequence  `s0` … `s3`, or empty
/// @param target    `t0` or `t1`, or empty
record Case(String array, String precision, String sequence, String target, String what) {
    static Case of(String array) {
        var rest = array;
        var parts = new String[] {"f(32|64)", "s\\d", "t\\d"};
        for (int i = 0; i < parts.length; i++) {
            var slash = rest.indexOf('/');
            var there = slash > 0 && rest.substring(0, slash).matches(parts[i]);
            parts[i] = there ? rest.substring(0, slash) : "";
            if (there) rest = rest.substring(slash + 1);
        }
        return new Case(array, parts[0].isEmpty() ? "f64" : parts[0], parts[1], parts[2], rest);
    }
}
