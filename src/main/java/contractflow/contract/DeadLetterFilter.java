package contractflow.contract;

/**
 * Which dead letters a person means. Null is no restriction.
 *
 * @param ids dead letter ids, separated by commas
 * @param because why they are discarded
 */
public record DeadLetterFilter(Long run, String reason, Long limit, String ids, String because) {

    public DeadLetterFilter atMost(Long letters) {
        return new DeadLetterFilter(run, reason, letters, ids, because);
    }
}
