using System.Reflection;

namespace Orders.Api.Configuration;

/// <summary>The version of the program (SemVer), as <c>Directory.Build.props</c> sets it.</summary>
internal static class ProductVersion
{
    /// <summary>For example <c>1.1.0</c>, or <c>1.1.0-dev</c> before that is released.</summary>
    /// <remarks><c>--version</c> prints the same attribute: System.CommandLine reads it from the assembly of the process.</remarks>
    public static string Current { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
