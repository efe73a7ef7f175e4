using FluentValidation;
using Orders.Domain;

namespace Orders.Api.Orders;

/// <summary>Bounds of a list of changes, and of each change in it.</summary>
internal sealed class UpdateOrderStatusesRequestValidator : AbstractValidator<UpdateOrderStatusesRequest>
{
    public static readonly string Count = $"has to be a list of 1 to {UpdateOrderStatusesRequest.MaxChanges} changes";

    /// <summary>How many complaints are told of.</summary>
    private const int MaxComplaints = 20;

    // In a loop: rules for each item take as long as the database does.
    public UpdateOrderStatusesRequestValidator() => RuleFor(request => request.Changes)
        .Custom((changes, context) =>
        {
            if (changes is not { Count: >= 1 and <= UpdateOrderStatusesRequest.MaxChanges })
            {
                context.AddFailure("changes", Count);
                return;
            }

            foreach ((string name, string message) in Complaints(changes).Take(MaxComplaints))
            {
                context.AddFailure(name, message);
            }
        });

    private static IEnumerable<(string Name, string Message)> Complaints(IReadOnlyList<OrderStatusChange?> changes)
    {
        Dictionary<long, int> indexes = new(changes.Count);
        for (int index = 0; index < changes.Count; index++)
        {
            if (changes[index] is not { } change)
            {
                yield return ($"changes[{index}]", "is required");
                continue;
            }

            if (change.OrderKey is not > 0)
            {
                yield return ($"changes[{index}].o_orderkey", $"has to be from 1 to {long.MaxValue}");
            }
            else if (!indexes.TryAdd(change.OrderKey.Value, index))
            {
                int first = indexes[change.OrderKey.Value];
                yield return ($"changes[{index}].o_orderkey", $"has to be there once, and is that of changes[{first}]");
            }

            if (OrderStatus.FromCode(change.Status) is null)
            {
                yield return ($"changes[{index}].o_orderstatus", "has to be O, F or P");
            }

            if (change.Version is not null && OrderTag.Read(change.Version) is null)
            {
                yield return ($"changes[{index}].version", "has to be a version of an order, as its ETag has it");
            }
        }
    }
}
