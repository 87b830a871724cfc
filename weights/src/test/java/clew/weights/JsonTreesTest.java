package clew.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// A tree read without a mapper is the mapper's tree.
final class JsonTreesTest {
    private static final JsonFactory FACTORY = new JsonFactory();

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "[]", "null", "true", "\"ü\\u0000\"", "-0", "0.1", "1e400", "2147483648", "-9223372036854775809",
        "{\"a\":[1,{\"b\":null,\"c\":[false,2.5e-3,\"x\"]},[]],\"\":{\"d\":123456789012345678901234567890}}"})
    void isTheMappersTree(String json) {
        try (var parser = FACTORY.createParser(new JsonTrees(FACTORY), json)) {
            JsonNode tree = parser.readValueAsTree();
            assertEquals(new ObjectMapper().readTree(json), tree);
            assertNull(parser.nextToken());
        }
    }
}
