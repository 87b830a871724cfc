package clew.weights;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TreeNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What `parser.readValueAsTree()` calls: Jackson's trees without an ObjectMapper.
///
/// A mapper brings 700 classes and 0.1 s of set-up, which every start of a short command would pay for.
public final class JsonTrees extends ObjectReadContext.Base {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final TokenStreamFactory factory;

    /// @param factory makes the parsers, and says how strict they are
    public JsonTrees(TokenStreamFactory factory) {
        this.factory = factory;
    }

    @Override
    public TokenStreamFactory tokenStreamFactory() {
        return factory;
    }

    /// The value that the parser stands at, or the next one; null where there is none.
    @Override
    @SuppressWarnings("unchecked")                                    // Jackson's signature: the caller names the type
    public <T extends TreeNode> @Nullable T readTree(JsonParser parser) {
        var token = parser.currentToken() == null ? parser.nextToken() : parser.currentToken();
        return token == null ? null : (T) value(parser, token);
    }

    private static JsonNode value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT       -> object(parser);
            case START_ARRAY        -> array(parser);
            case VALUE_STRING       -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT   -> whole(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE         -> NODES.booleanNode(true);
            case VALUE_FALSE        -> NODES.booleanNode(false);
            case VALUE_NULL         -> NODES.nullNode();
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new IllegalStateException("no value begins at " + token);
        };
    }

    private static ObjectNode object(JsonParser parser) {
        var object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var name = parser.currentName();
            object.set(name, value(parser, parser.nextToken()));
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser) {
        var array = NODES.arrayNode();
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken())
            array.add(value(parser, token));
        return array;
    }

    private static JsonNode whole(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT  -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }
}
