using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Orders;

/// <summary>What became of one of several changes.</summary>
internal sealed class ChangeCodeAttribute() : EnumSchemaAttribute(
    "OrderStatusChangeCode",
    "What became of a change. changed: the order has the status now, durably. order_not_found: there is no such order. "
        + "precondition_failed: the order is another version than the change names, and was not changed.",
    Changed,
    [(Changed, nameof(Changed)), (OrderNotFound, nameof(OrderNotFound)), (PreconditionFailed, nameof(PreconditionFailed))])
{
    public const string Changed = "changed";
    public const string OrderNotFound = "order_not_found";
    public const string PreconditionFailed = "precondition_failed";
}
