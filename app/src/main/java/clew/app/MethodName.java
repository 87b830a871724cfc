package clew.app;

import static clew.app.Key.AGGREGATE;
import static clew.app.Key.BASELINE;
import static clew.app.Key.COALITIONS;
import static clew.app.Key.DISCARD;
import static clew.app.Key.FUSION;
import static clew.app.Key.HOOK;
import static clew.app.Key.NEURON;
import static clew.app.Key.NOISE;
import static clew.app.Key.ORDERS;
import static clew.app.Key.QUADRATURE;
import static clew.app.Key.REMOVAL;
import static clew.app.Key.RULES;
import static clew.app.Key.SAMPLES;
import static clew.app.Key.SEED;
import static clew.app.Key.STEPS;
import static clew.app.Key.STRIDE;
import static clew.app.Key.THRESHOLD;
import static clew.app.Key.TOLERANCE;
import static clew.app.Key.WINDOW;

import clew.attribution.Ablation;
import clew.attribution.Aggregate;
import clew.attribution.AltiLogit;
import clew.attribution.Attention;
import clew.attribution.AttentionFlow;
import clew.attribution.AttentionRollout;
import clew.attribution.AttentionWeighted;
import clew.attribution.AttentionXGradient;
import clew.attribution.AttributionMethod;
import clew.attribution.DeepLift;
import clew.attribution.ExpectedGradients;
import clew.attribution.GradientShap;
import clew.attribution.InformationFlow;
import clew.attribution.InputXGradient;
import clew.attribution.IntegratedGradients;
import clew.attribution.InternalInfluence;
import clew.attribution.KernelShap;
import clew.attribution.LayerConductance;
import clew.attribution.LayerIntegratedGradients;
import clew.attribution.LayerRelevance;
import clew.attribution.Lime;
import clew.attribution.Lrp;
import clew.attribution.NeuronConductance;
import clew.attribution.NeuronInputXGradient;
import clew.attribution.NeuronIntegratedGradients;
import clew.attribution.Occlusion;
import clew.attribution.Saliency;
import clew.attribution.SequentialIntegratedGradients;
import clew.attribution.Shapley;
import clew.attribution.ShapleySampling;
import clew.attribution.SmoothGrad;
import clew.attribution.ValueZeroing;
import clew.engine.rule.RuleSets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The methods by the names of the command line.
enum MethodName {
    LRP("Σ e · g, the gradient g modified at every operation", "1 backward pass", RULES, BASELINE, AGGREGATE),
    SALIENCY("‖∂f/∂e‖ of the token's embedding e", "1 backward pass", AGGREGATE),
    INPUT_X_GRADIENT("Σ e · ∂f/∂e", "1 backward pass", AGGREGATE),
    INTEGRATED_GRADIENTS("Σ (e − e′) · ∫ ∂f/∂e, baseline e′ to e", "steps passes",
        BASELINE, STEPS, QUADRATURE, TOLERANCE, AGGREGATE),
    DEEPLIFT("Σ (e − e′) · Δf/Δe by differences from baseline e′ at every operation", "1 pass over both",
        BASELINE, AGGREGATE),
    SEQUENTIAL_INTEGRATED_GRADIENTS("the same with one token at a time on its way", "T · steps passes",
        BASELINE, STEPS, QUADRATURE, AGGREGATE),
    SMOOTHGRAD("input × gradient, mean over noisy inputs", "samples passes",
        SAMPLES, SEED, TOLERANCE, NOISE, AGGREGATE),
    GRADIENT_SHAP("integrated gradients by random points of the path", "samples passes",
        BASELINE, SAMPLES, SEED, TOLERANCE, AGGREGATE),
    EXPECTED_GRADIENTS("the same with baselines of random tokens", "2 · samples passes",
        SAMPLES, SEED, TOLERANCE, AGGREGATE),
    LAYER_GRADIENT_X_ACTIVATION("Σ y · ∂f/∂y of what passes a hook point", "1 backward pass", HOOK, AGGREGATE),
    LAYER_LRP("Σ y · g at a hook point under a rule set", "1 backward pass", HOOK, RULES, AGGREGATE),
    LAYER_CONDUCTANCE("Σ ∂f/∂y · Δy along the path of the embeddings", "steps passes",
        HOOK, BASELINE, STEPS, QUADRATURE, AGGREGATE),
    LAYER_INTEGRATED_GRADIENTS("Σ (y − y′) · ∫ ∂f/∂y at a hook point", "steps passes",
        HOOK, BASELINE, STEPS, QUADRATURE, AGGREGATE),
    INTERNAL_INFLUENCE("∫ ∂f/∂y along the path of the embeddings", "steps passes",
        HOOK, BASELINE, STEPS, QUADRATURE, AGGREGATE),
    NEURON_INPUT_X_GRADIENT("Σ e · ∂n/∂e of one neuron n", "1 backward pass", NEURON, AGGREGATE),
    NEURON_INTEGRATED_GRADIENTS("Σ (e − e′) · ∫ ∂n/∂e of one neuron n", "steps passes",
        NEURON, BASELINE, STEPS, QUADRATURE, AGGREGATE),
    NEURON_CONDUCTANCE("Σ (e − e′) · ∫ ∂f/∂n · ∂n/∂e through one neuron n", "2 · steps passes",
        NEURON, BASELINE, STEPS, QUADRATURE, AGGREGATE),
    ATTENTION("mean attention of the explained row, over layers and heads", "1 forward pass"),
    ATTENTION_WEIGHTED("the same, later layers counting more", "1 forward pass"),
    ATTENTION_ROLLOUT("attention multiplied through the layers", "1 forward pass", FUSION, DISCARD),
    ATTENTION_FLOW("largest flow of attention through the layers", "T largest flows"),
    ATTENTION_X_GRADIENT("attention × its gradient, mean over layers and heads", "1 backward pass"),
    VALUE_ZEROING("how outputs turn where a token's values are 0, mean over layers", "T forward passes"),
    VALUE_ZEROING_ROLLOUT("the same multiplied through the layers", "T forward passes"),
    ALTI_LOGIT("each layer's update of the target, followed to the tokens", "1 forward pass, T² · H · D per layer"),
    INFORMATION_FLOW("routes of important edges down to the tokens", "1 forward pass, T² · H · D per layer",
        THRESHOLD),
    ABLATION("f(x) − f(x without the feature)", "T short forward passes", REMOVAL, SEED),
    OCCLUSION("the same without a window of features, mean over those that cover it", "T / stride short forward passes",
        REMOVAL, SEED, WINDOW, STRIDE),
    SHAPLEY("what the feature adds, mean over all orders in which features may come", "2ᵀ short forward passes",
        REMOVAL, SEED),
    SHAPLEY_SAMPLING("the same over drawn orders", "orders · T short forward passes",
        REMOVAL, ORDERS, SAMPLES, SEED, TOLERANCE),
    KERNEL_SHAP("the same by least squares over drawn coalitions", "coalitions short forward passes",
        REMOVAL, COALITIONS, SAMPLES, SEED, TOLERANCE),
    LIME("slopes of a sparse linear model of f of drawn coalitions", "1.2 · coalitions short forward passes",
        REMOVAL, COALITIONS, SAMPLES, SEED, TOLERANCE);

    private final String definition;
    private final String cost;
    private final Set<Key> keys;

    MethodName(String definition, String cost, Key... keys) {
        this.definition = definition;
        this.cost = cost;
        this.keys = Set.of(keys);
    }

    /// One line for a list of methods.
    String definition() {
        var options = Arrays.stream(Key.values()).filter(keys::contains).map(Key::option).toList();
        return definition + " — " + cost + (options.isEmpty() ? "" : " (" + String.join(" ", options) + ")");
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The methods asked for, in that order; LRP if none is.
    static List<MethodName> of(Given given) {
        if (!given.has(Key.METHOD)) return List.of(LRP);
        var name = given.name(Key.METHOD);
        var methods = given.list(Key.METHOD).stream()
            .map(text -> Given.named(name, text, List.of(values()), MethodName::label)).toList();
        if (methods.isEmpty()) throw new UsageException(name + " names no method; known are "
            + String.join(", ", Arrays.stream(values()).map(MethodName::label).toList()));
        if (methods.stream().distinct().count() < methods.size())
            throw new UsageException(name + " names a method twice; name it once");
        return methods;
    }

    /// The options given that none of the methods asked for reads.
    static List<String> idle(Given given) {
        var methods = of(given);
        return Arrays.stream(Key.values()).filter(MethodName::isSetting)
            .filter(key -> given.has(key) && methods.stream().noneMatch(m -> m.reads(key, given)))
            .map(given::name).toList();
    }

    private static boolean isSetting(Key key) {
        return key == Key.SLOT_BASELINE || Arrays.stream(values()).anyMatch(m -> m.keys.contains(key));
    }

    /// Relevance compares with a baseline under gim alone; a seed is read by what draws.
    private boolean reads(Key key, Given given) {
        var gim = given.text(RULES).filter(RuleSets.GIM.name()::equals).isPresent();
        var draws = keys.contains(SAMPLES) || given.text(REMOVAL).filter(r -> r.startsWith("resample")).isPresent();
        if (key == Key.SLOT_BASELINE) return removes();
        return keys.contains(key) && (this != LRP || key != BASELINE || gim) && (key != SEED || draws);
    }

    /// Whether it removes features.
    boolean removes() {
        return keys.contains(REMOVAL);
    }

    AttributionMethod with(MethodSettings s) {
        var sum = s.aggregate().orElse(this == SALIENCY ? Aggregate.L2 : Aggregate.SUM);
        return switch (this) {
            case LRP                  -> new Lrp(s.rules(), s.relevanceBaseline(), sum);
            case SALIENCY             -> new Saliency(sum);
            case INPUT_X_GRADIENT     -> new InputXGradient(sum);
            case INTEGRATED_GRADIENTS -> new IntegratedGradients(s.baseline(), s.steps(), s.quadrature(),
                s.tolerance(), sum);
            case DEEPLIFT             -> new DeepLift(s.baseline(), sum);
            case SEQUENTIAL_INTEGRATED_GRADIENTS ->
                new SequentialIntegratedGradients(s.baseline(), s.steps(), s.quadrature(), sum);
            case SMOOTHGRAD           -> new SmoothGrad(s.noise(), s.samples(50), s.seed(), s.tolerance(), sum);
            case GRADIENT_SHAP        -> new GradientShap(s.baseline(), s.samples(50), s.seed(), s.tolerance(),
                sum);
            case EXPECTED_GRADIENTS   -> new ExpectedGradients(s.samples(50), s.seed(), s.tolerance(), sum);
            case LAYER_GRADIENT_X_ACTIVATION -> new LayerRelevance(s.hook(this), RuleSets.GRADIENT, sum);
            case LAYER_LRP            -> new LayerRelevance(s.hook(this), s.rules(), sum);
            case LAYER_CONDUCTANCE    ->
                new LayerConductance(s.hook(this), s.baseline(), s.steps(), s.quadrature(), sum);
            case LAYER_INTEGRATED_GRADIENTS  ->
                new LayerIntegratedGradients(s.hook(this), s.baseline(), s.steps(), s.quadrature(), sum);
            case INTERNAL_INFLUENCE   ->
                new InternalInfluence(s.hook(this), s.baseline(), s.steps(), s.quadrature(), sum);
            case NEURON_INPUT_X_GRADIENT     -> new NeuronInputXGradient(s.neuron(this), sum);
            case NEURON_INTEGRATED_GRADIENTS ->
                new NeuronIntegratedGradients(s.neuron(this), s.baseline(), s.steps(), s.quadrature(), sum);
            case NEURON_CONDUCTANCE   ->
                new NeuronConductance(s.neuron(this), s.baseline(), s.steps(), s.quadrature(), sum);
            case ATTENTION            -> new Attention();
            case ATTENTION_WEIGHTED   -> new AttentionWeighted();
            case ATTENTION_ROLLOUT    -> new AttentionRollout(s.fusion(), s.discard());
            case ATTENTION_FLOW       -> new AttentionFlow();
            case ATTENTION_X_GRADIENT -> new AttentionXGradient();
            case VALUE_ZEROING        -> new ValueZeroing(ValueZeroing.Layers.MEAN);
            case VALUE_ZEROING_ROLLOUT -> new ValueZeroing(ValueZeroing.Layers.PRODUCT);
            case ALTI_LOGIT           -> new AltiLogit();
            case INFORMATION_FLOW     -> new InformationFlow(s.threshold());
            case ABLATION             -> new Ablation(s.removal());
            case OCCLUSION            -> new Occlusion(s.removal(), s.window(), s.stride());
            case SHAPLEY              -> new Shapley(s.removal());
            case SHAPLEY_SAMPLING     -> new ShapleySampling(s.removal(), s.orders(), s.seed(), s.tolerance());
            case KERNEL_SHAP          -> new KernelShap(s.removal(), s.coalitions(), s.seed(), s.tolerance());
            case LIME                 -> new Lime(s.removal(), Lime.Likeness.PRESENCE, Lime.PENALTY, s.coalitions(),
                s.seed(), s.tolerance());
        };
    }
}
