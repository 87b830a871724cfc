package clew.app;

import clew.attribution.render.Picture;
import clew.attribution.render.Scale;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Option;

/// How colours are scaled, and what pictures are written as.
final class PictureOptions {
    @Option(names = "--scale-without-bos",
        description = "scale colours by the tokens behind the one that begins every text, which often outshines them")
    boolean withoutBos;

    Scale scale() {
        return withoutBos ? Scale.WITHOUT_BOS : Scale.ALL;
    }

    static boolean isPicture(Format format) {
        return format == Format.SVG || format == Format.PNG;
    }

    void write(Picture picture, Format format, Output to) {
        if (format == Format.SVG) to.write(picture.svg().getBytes(StandardCharsets.UTF_8));
        else to.write(Png.of(picture));
    }
}
