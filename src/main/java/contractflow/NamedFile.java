package contractflow;

import java.io.File;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;

/** A file of the command line, which is looked for where the command was given, also when the process works elsewhere. */
final class NamedFile implements ITypeConverter<File> {

    /** Where the command was given; set by whoever has started the process in another folder. */
    private static final String CALLER = "contractflow.caller";

    @Override
    public File convert(String name) {
        return Path.of(System.getProperty(CALLER, "")).resolve(name).normalize().toFile();
    }
}
