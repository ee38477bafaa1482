package contractflow.cli.options;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A file of the command line, which is looked for where the command was given, also when the process works elsewhere. */
public final class CallerRelativeFile implements ITypeConverter<File> {

    /** Where the command was given; set by a launcher that starts the process in another folder. */
    private static final String CALLER = "contractflow.caller";

    @Override
    public File convert(String name) {
        try {
            return Path.of(System.getProperty(CALLER, ""))
                    .resolve(name)
                    .normalize()
                    .toFile();
        } catch (InvalidPathException e) {
            throw new TypeConversionException(
                    e.getInput() + " is no name of a file in the characters of the locale: set LC_ALL=C.UTF-8");
        }
    }
}
