package contractflow.feed.folder;

/**
 * A feed that lies in the folder and is not in work.
 *
 * @param name of its file
 * @param problem why it is passed over, such as "is empty"; null where it is only not the next one
 */
public record WaitingFeed(String name, String problem) {}
