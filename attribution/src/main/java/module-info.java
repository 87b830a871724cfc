/// Explanations: targets, attribution methods, results and their renderings.
@org.jspecify.annotations.NullMarked
module clew.attribution {
    requires transitive clew.model;

    exports clew.attribution;
    exports clew.attribution.evaluation;
    exports clew.attribution.render;
}
