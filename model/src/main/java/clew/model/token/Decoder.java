package clew.model.token;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Turns pieces back into text. Each record is a `decoder` of tokenizer.json.
sealed interface Decoder {

    /// Rewrites a list of texts whose origins are positions in the list of ids; at the end all are joined.
    List<Aligned> apply(List<Aligned> pieces);

    /// The text of one piece in place: its leading space kept, a broken UTF-8 sequence as U+FFFD.
    String inPlace(String piece);

    record Sequence(List<Decoder> steps) implements Decoder {
        @Override
        public List<Aligned> apply(List<Aligned> pieces) {
            for (var step : steps) pieces = step.apply(pieces);
            return pieces;
        }

        @Override
        public String inPlace(String piece) {
            for (var step : steps) piece = step.inPlace(piece);
            return piece;
        }
    }

    /// Reads the [ByteAlphabet]; a piece with other characters stands for its own UTF-8.
    record ByteLevel() implements Decoder {
        @Override
        public List<Aligned> apply(List<Aligned> pieces) {
            var bytes = new ByteRun();
            for (var piece : pieces) for (byte b : bytes(piece.text())) bytes.add(b, piece.base());
            return List.of(bytes.lossy());
        }

        @Override
        public String inPlace(String piece) {
            return Utf8.decode(bytes(piece));
        }

        private static byte[] bytes(String piece) {
            var bytes = ByteAlphabet.bytes(piece);
            return bytes != null ? bytes : piece.getBytes(StandardCharsets.UTF_8);
        }
    }

    record Replace(Finder finder, String content) implements Decoder {
        @Override
        public List<Aligned> apply(List<Aligned> pieces) {
            return pieces.stream().map(p -> p.replace(finder, content)).toList();
        }

        @Override
        public String inPlace(String piece) {
            return Aligned.of(piece).replace(finder, content).text();
        }
    }

    /// A run of `<0x..>` pieces becomes the text it encodes; if it is no UTF-8, each piece becomes U+FFFD.
    record ByteFallback() implements Decoder {
        @Override
        public List<Aligned> apply(List<Aligned> pieces) {
            var out = new ArrayList<Aligned>(pieces.size());
            var run = new ByteRun();
            for (var piece : pieces) {
                int b = byteOf(piece.text());
                if (b >= 0) run.add((byte) b, piece.base());
                else {
                    out.addAll(run.strict());
                    run = new ByteRun();
                    out.add(piece);
                }
            }
            out.addAll(run.strict());
            return out;
        }

        @Override
        public String inPlace(String piece) {
            int b = byteOf(piece);
            return b < 0 ? piece : b < 0x80 ? Character.toString(b) : "\uFFFD";
        }

        private static int byteOf(String piece) {
            boolean shaped = piece.length() == 6 && piece.startsWith("<0x") && piece.endsWith(">");
            if (!shaped) return -1;
            int high = Character.digit(piece.charAt(3), 16), low = Character.digit(piece.charAt(4), 16);
            return piece.charAt(3) > 'f' || piece.charAt(4) > 'f' || high < 0 || low < 0 ? -1 : high << 4 | low;
        }
    }

    /// All pieces become one.
    record Fuse() implements Decoder {
        @Override
        public List<Aligned> apply(List<Aligned> pieces) {
            var all = new Aligned.Builder(0);
            for (var piece : pieces) all.add(piece, 0, piece.text().length());
            return List.of(all.build());
        }

        @Override
        public String inPlace(String piece) {
            return piece;
        }
    }

    /// Up to `start` times `content` off the front of each piece, up to `stop` times off its end.
    record Strip(int content, int start, int stop) implements Decoder {
        @Override
        public List<Aligned> apply(List<Aligned> pieces) {
            return pieces.stream().map(this::strip).toList();
        }

        private Aligned strip(Aligned piece) {
            var text = piece.text();
            int width = Character.charCount(content), first = 0, last = text.length();
            for (int i = 0; i < start && first < last && text.codePointAt(first) == content; i++) first += width;
            for (int i = 0; i < stop && first < last && text.codePointBefore(last) == content; i++) last -= width;
            return piece.slice(first, last);
        }

        @Override
        public String inPlace(String piece) {
            return piece;
        }
    }

    /// `mark` becomes a space, or nothing in the first piece where one is put in front.
    record Metaspace(String mark, PreTokenizer.Prefix prefix) implements Decoder {
        @Override
        public List<Aligned> apply(List<Aligned> pieces) {
            var out = new ArrayList<Aligned>(pieces.size());
            for (var piece : pieces) {
                boolean strips = out.isEmpty() && prefix != PreTokenizer.Prefix.NEVER;
                out.add(piece.replace(new Finder.Literal(mark), strips ? "" : " "));
            }
            return out;
        }

        @Override
        public String inPlace(String piece) {
            return piece.replace(mark, " ");
        }
    }

    /// No decoder in the file: the pieces with single spaces between them.
    record Spaced() implements Decoder {
        @Override
        public List<Aligned> apply(List<Aligned> pieces) {
            var all = new Aligned.Builder(0);
            for (int i = 0; i < pieces.size(); i++) {
                if (i > 0) all.add(" ", pieces.get(i).base(), pieces.get(i).base());
                all.add(pieces.get(i), 0, pieces.get(i).text().length());
            }
            return List.of(all.build());
        }

        @Override
        public String inPlace(String piece) {
            return piece;
        }
    }
}
