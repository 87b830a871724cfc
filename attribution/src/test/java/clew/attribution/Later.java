package clew.attribution;

import java.util.Arrays;
import java.util.Optional;

/// Arrays of the goldens that none of today's methods produces, each with the reason.
enum Later {
    MECHANISTIC("belongs to the mechanistic tools: lenses, direct logit attribution, transplantation, head detection",
        "logit_lens_.*|fv/.*|dla_.*|detect/(previous|duplicate|induction).*"),
    RECORD("is a record, not a target: LXT's explicit GPT-2 halves where its map says ε; inseq wrote zeros; where a"
        + " window hides every key that Captum's loop over a continuation's tokens leaves, the peer attends to all keys"
        + " alike, and so do its sums",
        "explicit_cplrp.* of gpt2.*|layer_integrated_gradients/(raw|aggregated)"
        + "|llm/(ablation_(log_prob|prob|log_prob_skipfirst)|shapley_(exact_log_prob_s3|sampling_log_prob))_seq"
        + " of (mistral|gemma).*"),
    INPUT("is an input of the peers, or says how they ran",
        "pad_id|llm/target_ids|llm/shapley_sampling_perms|prompt|target|target_tokens|value_zeroing_failed"
        + "|.*_labels|repeated_sequence"
        + "|max_abs_logit_difference.*|layer_types"
        + "|shapley_sampling_perms|kernelshap_samples|lime_samples|smoothgrad_noise|gradientshap_alphas"
        + "|rollout_.*_has_nan");

    final String reason;
    private final String names;

    Later(String reason, String names) {
        this.reason = reason;
        this.names = names;
    }

    static Optional<Later> of(Case c, String golden) {
        return Arrays.stream(values())
            .filter(l -> c.what().matches(l.names) || (c.what() + " of " + golden).matches(l.names)).findFirst();
    }
}
