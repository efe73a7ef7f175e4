namespace Orders.Domain;

/// <summary>A status that may be written: the three values of <c>o_orderstatus</c> in TPC-H (clause 4.2.3).</summary>
public sealed record OrderStatus
{
    /// <summary>No line item has been shipped.</summary>
    public static readonly OrderStatus Open = new("O");

    /// <summary>Every line item has been shipped.</summary>
    public static readonly OrderStatus Fulfilled = new("F");

    /// <summary>Some line items have been shipped.</summary>
    public static readonly OrderStatus PartiallyFulfilled = new("P");

    private OrderStatus(string code) => Code = code;

    /// <summary>The one letter that is stored.</summary>
    public string Code { get; }

    /// <summary>The status with this code, or null when none has it. Codes are case-sensitive.</summary>
    public static OrderStatus? FromCode(string? code) => code switch
    {
        "O" => Open,
        "F" => Fulfilled,
        "P" => PartiallyFulfilled,
        _ => null,
    };
}
