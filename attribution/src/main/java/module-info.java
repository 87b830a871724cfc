/// Explanations: targets, attribution methods, results and their renderings.
@org.jspecify.annotations.NullMarked
module clew.attribution {
    requires transitive clew.model;
    requires ejml.core;
    requires ejml.ddense;

    exports clew.attribution;
    exports clew.attribution.analysis;
    exports clew.attribution.evaluation;
    exports clew.attribution.render;
}
