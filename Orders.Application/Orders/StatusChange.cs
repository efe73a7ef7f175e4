namespace Orders.Application.Orders;

/// <summary>How a change of status ended.</summary>
public enum StatusChange
{
    /// <summary>The order has the status, durably; also when it had it before.</summary>
    Changed,

    /// <summary>There is no order with that key.</summary>
    OrderNotFound,
}
