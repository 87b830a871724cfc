package clew.attribution.render;

import clew.attribution.Attribution;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// One line per target and window of an occlusion, as [CsvFormat] writes tokens; both tokens belong to the window.
public record RegionsCsv() implements Renderer {
    static final String HEADER =
        "target_index,target_id,target_text,position,first_token,last_token,text,score,made_with\n";

    /// @throws NullPointerException if the explanation has no regions
    @Override
    public void write(Attribution a, OutputStream out) throws IOException {
        var regions = Objects.requireNonNull(a.regions(), "no regions");
        var csv = new StringBuilder(HEADER);
        var origin = CsvFormat.quoted(Origin.of(a));
        for (int i = 0; i < a.targets().size(); i++)
            for (int w = 0; w < regions.spans().size(); w++) {
                var span = regions.spans().get(w);
                var score = regions.scores()[i][w];
                csv.append(CsvFormat.target(a, i)).append(',').append(span[0]).append(',').append(span[1] - 1)
                    .append(',').append(CsvFormat.quoted(Wording.text(a, span)))
                    .append(',').append(CsvFormat.number(score)).append(',').append(origin).append('\n');
            }
        out.write(csv.toString().getBytes(StandardCharsets.UTF_8));
    }
}
