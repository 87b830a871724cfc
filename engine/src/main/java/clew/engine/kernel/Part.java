package clew.engine.kernel;

/// All of a number, or only its positive or negative part: `w`, `max(w, 0)`, `min(w, 0)`.
public enum Part { ALL, POSITIVE, NEGATIVE }
