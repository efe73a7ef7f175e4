namespace Orders.Api.OpenApi.Attributes;

/// <summary>A header of a success: text, or a number of seconds.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class AnswerHeaderAttribute : Attribute
{
    public AnswerHeaderAttribute(string name, string description, string example) =>
        (Name, Description, Example) = (name, description, example);

    public AnswerHeaderAttribute(string name, string description, int example) =>
        (Name, Description, Example) = (name, description, example);

    /// <summary>The status of the success.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    public string Name { get; }

    public string Description { get; }

    public object Example { get; }
}
